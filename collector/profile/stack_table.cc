#include "collector/profile/stack_table.h"

#include <algorithm>

namespace tailrace {
namespace {

uint64_t KeyOf(std::span<const uintptr_t> frames, uint32_t label) {
  uint64_t hash = 0x9e3779b97f4a7c15 + label;
  for (const uintptr_t frame : frames) {
    hash = (hash ^ frame) * 0xff51afd7ed558ccd;
    hash ^= hash >> 32;
  }
  return hash | 1;  // never 0
}

}  // namespace

StackTable::Slot* StackTable::Find(std::span<const uintptr_t> frames, uint32_t label) {
  constexpr size_t kLooksMax = 16;
  frames = frames.first(std::min(frames.size(), kFramesMax));
  const uint64_t key = KeyOf(frames, label);
  const size_t mask = slots_.size() - 1;
  for (size_t look = 0; look < kLooksMax && look < slots_.size(); ++look) {
    Slot& slot = slots_[((key >> 20) + look) & mask];
    // Relaxed: the key alone says whose the slot is; nobody reads the frames before `ready`.
    uint64_t found = slot.key.load(std::memory_order_relaxed);
    if (found == 0 && slot.key.compare_exchange_strong(found, key, std::memory_order_relaxed)) {
      slot.label = label;
      slot.depth = static_cast<uint32_t>(frames.size());
      std::copy(frames.begin(), frames.end(), slot.frames);
      // Release: pairs with the acquire in ForEach().
      slot.ready.store(1, std::memory_order_release);
      return &slot;
    }
    if (found == key) return &slot;  // 64 bits agree: the same stack
  }
  lost_.fetch_add(1, std::memory_order_relaxed);
  return nullptr;
}

}  // namespace tailrace

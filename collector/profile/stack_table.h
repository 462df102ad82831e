// StackTable: how often each stack was seen, in a table of fixed size. Shared by signal handlers and operator new, so
// nothing in it waits or allocates.
//
// Thread safety: lock-free. A slot is claimed by the one who first writes its key, and belongs to that stack for good;
// its frames are immutable once `ready`. A stack that finds its few places taken is counted in lost().
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/mapped_array.h"

namespace tailrace {

class StackTable {
 public:
  static constexpr size_t kFramesMax = 58;  // the outermost ones of a deeper stack are left out

  struct Slot {
    std::atomic<uint64_t> key;  // hash of label and frames; 0: free
    std::atomic<int64_t> counts[4];
    uint32_t label;
    uint32_t depth;
    uintptr_t frames[kFramesMax];
    std::atomic<uint64_t> ready;

    std::span<const uintptr_t> stack() const { return {frames, depth}; }
  };

  // `slots`: a power of two. Only those in use take memory. size() is 0 where the system refuses.
  explicit StackTable(size_t slots) : slots_(slots) {}

  size_t size() const { return slots_.size(); }

  // The slot of this stack; the caller adds to its counts. Null: no room. `label` keeps equal stacks apart.
  Slot* Find(std::span<const uintptr_t> frames, uint32_t label);

  // Every slot whose frames are there.
  template <class Visit>
  void ForEach(Visit visit) const {
    for (size_t i = 0; i < slots_.size(); ++i) {
      // Acquire: pairs with the release in Find(), so that the frames are seen whole.
      if (slots_[i].ready.load(std::memory_order_acquire) != 0) visit(slots_[i]);
    }
  }

  uint64_t lost() const { return lost_.load(std::memory_order_relaxed); }

 private:
  MappedArray<Slot> slots_;
  std::atomic<uint64_t> lost_{0};
};

}  // namespace tailrace

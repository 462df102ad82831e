#include "collector/profile/heap_sampler.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "collector/profile/stack_walk.h"

namespace tailrace {
namespace {

// Stands in a bucket while its entry is being written; no allocation has this address.
void* const kClaimed = reinterpret_cast<void*>(uintptr_t{1});

// How many bytes this thread allocates until its next sample, and its random state; 0: not drawn yet.
constinit thread_local int64_t bytes_left = 0;
constinit thread_local uint64_t random_state = 0;

// xorshift64*. Chance here decides which allocations stand for others and nothing else, so that an address is seed
// enough.
double DrawUniform() {
  if (random_state == 0) random_state = reinterpret_cast<uintptr_t>(&random_state) | 1;
  random_state ^= random_state >> 12;
  random_state ^= random_state << 25;
  random_state ^= random_state >> 27;
  return static_cast<double>((random_state * 0x2545f4914f6cdd1d) >> 11) * 0x1p-53;
}

// Exponential distances make each byte as likely to be sampled as any other, whatever pattern the program has.
int64_t DrawDistance() {
  return 1 + static_cast<int64_t>(-std::log1p(-DrawUniform()) * static_cast<double>(HeapSampler::kPeriodBytes));
}

size_t HashOf(const void* address) {
  return static_cast<size_t>((reinterpret_cast<uintptr_t>(address) >> 4) * 0x9e3779b97f4a7c15 >> 32);
}

}  // namespace

constinit std::atomic<HeapSampler*> HeapSampler::running_{nullptr};
constinit std::atomic<bool> HeapSampler::has_hooks_{false};

HeapSampler* HeapSampler::Get() {
  if (!has_hooks_.load(std::memory_order_relaxed)) return nullptr;
  static HeapSampler* const only = new HeapSampler();
  if (only->stacks_.size() == 0 || only->live_.size() == 0 || only->samples_.size() == 0) return nullptr;
  running_.store(only, std::memory_order_release);  // see Allocated()
  return only;
}

void HeapSampler::Note(void* address, size_t bytes, const void* caller) {
  if (random_state == 0) bytes_left = DrawDistance();
  bytes_left -= static_cast<int64_t>(bytes);
  if (bytes_left > 0 || address == nullptr) return;
  bytes_left = DrawDistance();
  Keep(address, bytes, caller);
}

void HeapSampler::Keep(void* address, size_t bytes, const void* caller) {
  uintptr_t frames[StackTable::kFramesMax + 4];  // with this function and the hook, which are left out
  const std::span all = std::span(frames).first(WalkStack(frames));
  const auto first = std::find(all.begin(), all.end(), reinterpret_cast<uintptr_t>(caller) - 1);
  const std::span stack = first == all.end() ? all : all.subspan(static_cast<size_t>(first - all.begin()));
  StackTable::Slot* const slot = stacks_.Find(stack, 0);
  if (slot == nullptr) return;
  // An allocation of so many bytes is sampled with the chance 1 - e^(-bytes / period), and stands for as many others.
  const double chance = -std::expm1(-static_cast<double>(bytes) / static_cast<double>(kPeriodBytes));
  const auto objects = static_cast<int64_t>(1 / chance + 0.5);
  const auto all_bytes = static_cast<int64_t>(static_cast<double>(bytes) / chance + 0.5);
  const size_t at = HashOf(address) % kBuckets;
  for (size_t i = 0; i < kBucketSize; ++i) {
    std::atomic<void*>& place = live_[at].addresses[i];
    void* expected = nullptr;
    // Acquire: pairs with the release in Forget(), so that the entry is no longer being read.
    if (!place.compare_exchange_strong(expected, kClaimed, std::memory_order_acquire, std::memory_order_relaxed)) {
      continue;
    }
    samples_[at * kBucketSize + i] = {slot, objects, all_bytes};
    slot->counts[kAllocatedObjects].fetch_add(objects, std::memory_order_relaxed);
    slot->counts[kAllocatedBytes].fetch_add(all_bytes, std::memory_order_relaxed);
    // Release: pairs with the acquire in Forget().
    place.store(address, std::memory_order_release);
    return;
  }
  lost_.fetch_add(1, std::memory_order_relaxed);
}

void HeapSampler::Forget(void* address) {
  if (address == nullptr) return;
  const size_t at = HashOf(address) % kBuckets;
  for (size_t i = 0; i < kBucketSize; ++i) {
    std::atomic<void*>& place = live_[at].addresses[i];
    // Acquire: pairs with the release in Keep(). Nobody else can find this address here: it is being freed.
    if (place.load(std::memory_order_acquire) != address) continue;
    const Sample sample = samples_[at * kBucketSize + i];
    // Release: pairs with the acquire in Keep().
    place.store(nullptr, std::memory_order_release);
    sample.slot->counts[kFreedObjects].fetch_add(sample.objects, std::memory_order_relaxed);
    sample.slot->counts[kFreedBytes].fetch_add(sample.bytes, std::memory_order_relaxed);
    return;
  }
}

}  // namespace tailrace

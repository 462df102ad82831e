// HeapSampler: who holds the memory that operator new gave, from about one allocation in each 512 KiB. Off until the
// pprof extension asks for it; then an allocation costs a subtraction and a deallocation a look at one cache line.
//
// operator new and delete tell it (allocation_hooks.cc, which only the daemon links). What the memory budget reserves
// for spans does not come from operator new and is not in here: /metrics has it.
//
// Thread safety: lock-free, any thread. Sampled allocations stand in buckets of one cache line by address; an entry
// belongs to the thread that allocates until it is published, and to the one that frees from then on.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/mapped_array.h"
#include "collector/profile/stack_table.h"

namespace tailrace {

class HeapSampler {
 public:
  static constexpr int64_t kPeriodBytes = int64_t{512} << 10;

  // What counts[] of a slot are: objects and bytes that its sampled allocations stand for.
  enum Count : size_t { kAllocatedObjects, kAllocatedBytes, kFreedObjects, kFreedBytes };

  // The process's one, sampling from the first call on, for good. Null: this program has no hooks (a sanitizer has
  // taken operator new), or there is no memory for the tables.
  static HeapSampler* Get();

  const StackTable& stacks() const { return stacks_; }
  // Sampled allocations that found no room and are missing from the profile.
  uint64_t lost() const { return lost_.load(std::memory_order_relaxed) + stacks_.lost(); }

  // For the hooks. `caller`: where operator new returns to.
  static void Allocated(void* address, size_t bytes, const void* caller) {
    // Acquire: pairs with the release in Get(), so that the tables are seen whole.
    HeapSampler* const sampler = running_.load(std::memory_order_acquire);
    if (sampler != nullptr) [[unlikely]]
      sampler->Note(address, bytes, caller);
  }
  static void Freed(void* address) {
    HeapSampler* const sampler = running_.load(std::memory_order_acquire);  // as above
    if (sampler != nullptr) [[unlikely]]
      sampler->Forget(address);
  }
  static void HooksAreHere() { has_hooks_.store(true, std::memory_order_relaxed); }

 private:
  static constexpr size_t kStacksMax = 4096;
  static constexpr size_t kBuckets = 2048;  // of live samples: 8 GiB of heap at one in 512 KiB
  static constexpr size_t kBucketSize = 8;

  struct alignas(64) Bucket {
    std::atomic<void*> addresses[kBucketSize];  // null: free
  };
  struct Sample {
    StackTable::Slot* slot;
    int64_t objects;
    int64_t bytes;
  };

  void Note(void* address, size_t bytes, const void* caller);
  void Keep(void* address, size_t bytes, const void* caller);
  void Forget(void* address);

  static std::atomic<HeapSampler*> running_;
  static std::atomic<bool> has_hooks_;

  StackTable stacks_{kStacksMax};
  MappedArray<Bucket> live_{kBuckets};
  MappedArray<Sample> samples_{kBuckets * kBucketSize};  // of live_'s places
  std::atomic<uint64_t> lost_{0};
};

}  // namespace tailrace

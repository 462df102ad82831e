// BlockPool: the memory that a shard's waiting spans live in. One range of addresses, reserved at start from the byte
// budget and cut into blocks of 1 KiB; blocks form chains through a table of links beside them, so that freeing a trace
// of any size is one entry on a stack and touches none of its spans.
//
// Ownership: single-writer (the shard), but for one helper thread that touches pages ahead of need, so that the shard
// takes no page fault: it meets the shard at two atomics, see Prefault().
//
// Invariants:
//  1. Every block is in exactly one chain, in a freed chain, or not handed out yet (index >= fresh_).
//  2. used_blocks() = blocks in chains. Freed blocks are used again last in, first out, before a fresh one is.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

#include "base/mapped_array.h"

namespace tailrace {

class BlockPool {
 public:
  static constexpr uint32_t kBlockBytes = 1024;
  static constexpr uint32_t kNone = UINT32_MAX;

  // `bytes` is rounded down to blocks. `prefault` starts the helper thread.
  BlockPool(uint64_t bytes, bool prefault);
  ~BlockPool();
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;

  // kNone where none is left.
  uint32_t Allocate() {
    if (free_count_ == 0) return AllocateFresh();
    Chain& chain = free_[free_count_ - 1];
    const uint32_t block = chain.first;
    if (block == chain.last) {
      --free_count_;
    } else {
      chain.first = next_[block];
      __builtin_prefetch(&next_[chain.first]);
    }
    // Another one will be wanted soon: its first lines.
    if (free_count_ != 0) {
      const char* soon = Data(free_[free_count_ - 1].first);
      __builtin_prefetch(soon, 1);
      __builtin_prefetch(soon + 64, 1);
    }
    ++used_;
    return block;
  }

  // Frees the chain from `first` to `last`, of `count` blocks.
  void FreeChain(uint32_t first, uint32_t last, uint32_t count) {
    free_[free_count_++] = {first, last};
    used_ -= count;
  }

  char* Data(uint32_t block) { return data_.data() + uint64_t{block} * kBlockBytes; }
  const char* Data(uint32_t block) const { return data_.data() + uint64_t{block} * kBlockBytes; }
  void PrefetchBlock(uint32_t block) const {
    constexpr uint32_t kCacheLine = 64;
    for (uint32_t at = 0; at < kBlockBytes; at += kCacheLine) __builtin_prefetch(Data(block) + at);
  }
  // Of a block that has been linked; a chain's last block has no next one.
  uint32_t Next(uint32_t block) const { return next_[block]; }
  void Link(uint32_t block, uint32_t next) { next_[block] = next; }

  uint32_t used_blocks() const { return used_; }
  uint32_t free_blocks() const { return block_count_ - used_; }
  uint32_t block_count() const { return block_count_; }

 private:
  struct Chain {
    uint32_t first;
    uint32_t last;
  };

  uint32_t AllocateFresh() {
    if (fresh_ == block_count_) return kNone;
    const uint32_t block = fresh_++;
    if (fresh_ > refill_at_) AskForMore();
    ++used_;
    return block;
  }
  void AskForMore();
  void Prefault();

  // Owner: the shard.
  MappedArray<char> data_;
  MappedArray<uint32_t> next_;
  MappedArray<Chain> free_;  // a stack of freed chains
  uint32_t free_count_ = 0;
  uint32_t block_count_;
  uint32_t fresh_ = 0;
  uint32_t used_ = 0;
  uint32_t refill_at_ = UINT32_MAX;  // when fresh_ passes this, the helper is asked for more

  // Lock-free, between the shard and the helper. The helper touches pages below wanted_; it writes nothing that the
  // shard reads, so no order is needed beyond that of the futex behind wait and notify.
  std::atomic<uint32_t> wanted_{0};
  std::atomic<bool> stop_{false};
  std::thread helper_;
};

}  // namespace tailrace

// BlockPool: the memory that a shard's waiting spans live in. One range of addresses, reserved at start from the byte
// budget and cut into blocks of 512 bytes, which form chains through a table of links beside them. 64 neighbouring
// blocks are a slab. Blocks are handed out slab by slab and in the order of their addresses: what arrives together lies
// together, and copying goes on in one stream (why: docs/decisions/009-blocks-side-by-side.md).
//
// The slab behind the present one is one that is free as a whole, if there is any. Traces wait about equally long, so a
// slab's blocks come back at about the same time. What is left over in slabs of which only a part has come back is used
// before memory that was never touched once it is more than an eighth of what is in use, and at the end in any case.
//
// Ownership: single-writer (the shard), but for one helper thread that touches pages ahead of need, so that the shard
// takes no page fault: it meets the shard at two atomics, see Prefault().
//
// Invariants:
//  1. Every block is in exactly one chain, free (its bit in its slab's mask is set), or was never handed out (fresh).
//  2. used_blocks() = blocks in chains; every other block can be had.
//  3. A slab with a free block is the present one, in the list of those in part, or on the stack of empty ones.
#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <thread>

#include "base/mapped_array.h"

namespace tailrace {

class BlockPool {
 public:
  static constexpr uint32_t kBlockBytes = 512;
  static constexpr uint32_t kSlabBlocks = 64;
  static constexpr uint32_t kNone = UINT32_MAX;

  // `bytes` is rounded down to blocks. `prefault` starts the helper thread.
  BlockPool(uint64_t bytes, bool prefault);
  ~BlockPool();
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;

  // kNone where none is left.
  uint32_t Allocate() {
    if (slabs_[present_].free == 0 && !NextSlab()) return kNone;
    uint64_t& free = slabs_[present_].free;
    const uint32_t block = present_ * kSlabBlocks + static_cast<uint32_t>(std::countr_zero(free));
    free &= free - 1;
    ++used_;
    return block;
  }

  // Frees the chain of `count` blocks, one at least, that begins with `first`.
  void FreeChain(uint32_t first, uint32_t count);

  char* Data(uint32_t block) { return data_.data() + uint64_t{block} * kBlockBytes; }
  const char* Data(uint32_t block) const { return data_.data() + uint64_t{block} * kBlockBytes; }
  void PrefetchBlock(uint32_t block) const {
    constexpr uint32_t kCacheLine = 64;
    for (uint32_t at = 0; at < kBlockBytes; at += kCacheLine) __builtin_prefetch(Data(block) + at);
  }
  void PrefetchLink(uint32_t block) const { __builtin_prefetch(&next_[block], 1); }
  // What freeing the block touches.
  void PrefetchFree(uint32_t block) const {
    PrefetchLink(block);
    __builtin_prefetch(&slabs_[block / kSlabBlocks], 1);
  }
  // Of a block that has been linked; a chain's last block has no next one.
  uint32_t Next(uint32_t block) const { return next_[block]; }
  void Link(uint32_t block, uint32_t next) { next_[block] = next; }

  uint32_t used_blocks() const { return used_; }
  uint32_t free_blocks() const { return block_count_ - used_; }
  uint32_t block_count() const { return block_count_; }
  // Blocks that have been handed out once at least: what resident memory grows with.
  uint32_t touched_blocks() const { return fresh_; }

 private:
  struct Slab {
    uint64_t free;  // a bit for each block
    // Neighbours in the list of slabs in part; `next` also on the stack of empty ones.
    uint32_t previous;
    uint32_t next;
  };

  bool NextSlab();
  void FreeIn(uint32_t slab, uint64_t blocks);
  void AddToPart(uint32_t slab);
  void RemoveFromPart(uint32_t slab);
  uint64_t AllOf(uint32_t slab) const;
  void AskForMore();
  void Prefault();

  // Owner: the shard.
  MappedArray<char> data_;
  MappedArray<uint32_t> next_;
  MappedArray<Slab> slabs_;
  uint32_t present_ = 0;        // the slab that blocks are taken from
  uint32_t empty_ = kNone;      // top of the stack of slabs that are free as a whole
  uint32_t part_head_ = kNone;  // slabs in part, those that became so first in front
  uint32_t part_tail_ = kNone;
  uint32_t part_free_ = 0;  // free blocks in them
  uint32_t block_count_;
  uint32_t fresh_ = 0;  // blocks from here on were never handed out
  uint32_t used_ = 0;
  uint32_t refill_at_ = UINT32_MAX;  // when fresh_ passes this, the helper is asked for more

  // Lock-free, between the shard and the helper. The helper touches pages below wanted_; it writes nothing that the
  // shard reads, so no order is needed beyond that of the futex behind wait and notify.
  std::atomic<uint32_t> wanted_{0};
  std::atomic<bool> stop_{false};
  std::thread helper_;
};

}  // namespace tailrace

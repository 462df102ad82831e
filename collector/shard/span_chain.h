// SpanChain: the spans of one trace as they were received, in a chain of blocks of the shard's BlockPool.
// Layout: segments one behind the other, each {header id, size} and then `size` bytes of whole spans with their tags
// and lengths, running on from block to block. A segment's own eight bytes never straddle two blocks.
//
// Single-writer; a value that the trace's record holds. Free() must be called before it goes.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "collector/shard/block_pool.h"

namespace tailrace {

struct SpanSegment {
  uint32_t header = 0;  // id in the shard's HeaderStore
  uint32_t size = 0;    // bytes of spans
};

class SpanChain {
 public:
  static constexpr uint32_t kSegmentBytes = sizeof(SpanSegment);

  // Blocks that an Append of `size` bytes could need at most.
  static uint32_t BlocksFor(uint32_t size) { return 2 + (size + kSegmentBytes) / BlockPool::kBlockBytes; }

  // The pool must have BlocksFor(bytes.size()) blocks free. At most 4 GiB - 8.
  void Append(BlockPool* pool, uint32_t header, std::string_view bytes);
  void Free(BlockPool* pool);

  uint32_t block_count() const { return block_count_; }
  bool empty() const { return block_count_ == 0; }

  // Brings the place where the next Append writes into the cache.
  void PrefetchTail(BlockPool* pool) const {
    if (block_count_ != 0) __builtin_prefetch(pool->Data(last_) + used_, 1);
  }

 private:
  friend class SpanChainReader;
  friend class ChainWalkers;
  void AddBlock(BlockPool* pool);

  uint32_t first_ = BlockPool::kNone;
  uint32_t last_ = BlockPool::kNone;
  uint32_t block_count_ = 0;
  uint32_t used_ = BlockPool::kBlockBytes;  // bytes used of the last block
};

// Walks over a chain's segments: Next(), then read exactly all of its bytes with CopyTo, Piece or Skip.
class SpanChainReader {
 public:
  // Where a segment's bytes begin.
  struct Position {
    uint32_t block;
    uint32_t at;
  };

  SpanChainReader(const BlockPool& pool, const SpanChain& chain)
      : pool_(pool), block_(chain.first_), last_(chain.last_), last_used_(chain.used_) {
    if (!chain.empty()) PrefetchNext();
  }

  // False at the end.
  bool Next(SpanSegment* segment);
  // The next piece of the segment that lies together, of `size` bytes at most.
  std::string_view Piece(uint32_t size);
  char* CopyTo(char* to, uint32_t size);
  void Skip(uint32_t size);

  Position position() const { return {block_, at_}; }
  void MoveTo(Position position) {
    block_ = position.block;
    at_ = position.at;
  }

 private:
  // The whole block behind the present one: what reads spans goes from field to field, and would wait for each line.
  void PrefetchNext() const {
    if (block_ != last_) pool_.PrefetchBlock(pool_.Next(block_));
  }

  const BlockPool& pool_;
  uint32_t block_;
  uint32_t last_;
  uint32_t last_used_;
  uint32_t at_ = 0;
};

}  // namespace tailrace

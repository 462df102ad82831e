// SpanChain: the spans of one trace as they were received, in a chain of blocks of the shard's BlockPool.
// Layout: segments one behind the other, each {header id, size} and then `size` bytes of whole spans with their tags
// and lengths, running on from block to block. A segment's own eight bytes never straddle two blocks. What a SpanCodec
// has packed is marked by the topmost bits of the two (see PackedSegment).
//
// Single-writer; a value that the trace's record holds. Free() must be called before it goes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "collector/shard/block_pool.h"
#include "collector/shard/span_codec.h"

namespace tailrace {

struct SpanSegment {
  uint32_t header = 0;  // id in the shard's HeaderStore
  uint32_t size = 0;    // bytes of spans
};

// How a segment stands in a chain where it is packed: bit 31 of `header` is set, bits 28 to 30 name the dictionary;
// `size` holds two sizes less one, 16 bits each: of the spans, and of what they were packed into.
struct PackedSegment {
  static constexpr uint32_t kMark = uint32_t{1} << 31;
  static constexpr uint32_t kHeadersMax = uint32_t{1} << 28;  // ids are below; a header takes 100 bytes and more

  static SpanSegment Write(uint32_t header, uint32_t size, const PackedPiece& piece) {
    return {kMark | piece.dictionary << 28 | header, (size - 1) << 16 | static_cast<uint32_t>(piece.bytes.size() - 1)};
  }
  static uint32_t Dictionary(const SpanSegment& segment) { return segment.header >> 28 & 7; }
  static uint32_t Header(const SpanSegment& segment) { return segment.header & (kHeadersMax - 1); }
  static uint32_t Size(const SpanSegment& segment) { return (segment.size >> 16) + 1; }
  static uint32_t PackedSize(const SpanSegment& segment) { return (segment.size & 0xFFFF) + 1; }
};
static_assert(SpanCodec::kDictionaries < 8 && SpanCodec::kPieceMax == 1 << 16);

class SpanChain {
 public:
  static constexpr uint32_t kSegmentBytes = sizeof(SpanSegment);

  // Blocks that an Append of `size` bytes could need at most. With a codec there are more segments: of every two that
  // follow each other one at least holds half a piece, and a segment costs up to 15 bytes.
  static uint32_t BlocksFor(uint32_t size) { return 2 + (size + kSegmentBytes + size / 1024) / BlockPool::kBlockBytes; }

  // The pool must have BlocksFor(bytes.size()) blocks free. At most 4 GiB - 8.
  void Append(BlockPool* pool, uint32_t header, std::string_view bytes);
  // The same through a codec: `bytes` are whole spans with their tags and lengths.
  void AppendPacked(BlockPool* pool, SpanCodec* codec, uint32_t header, std::string_view bytes, int64_t now_ns);
  void Free(BlockPool* pool);

  uint32_t block_count() const { return block_count_; }
  bool empty() const { return block_count_ == 0; }

  // Brings the places where the next Append writes into the cache.
  void PrefetchTail(BlockPool* pool) const {
    if (block_count_ == 0) return;
    __builtin_prefetch(pool->Data(last_) + used_, 1);
    pool->PrefetchLink(last_);
  }

 private:
  friend class SpanChainReader;
  friend class ChainWalkers;
  void AddBlock(BlockPool* pool);
  void Write(BlockPool* pool, const SpanSegment& segment, std::string_view bytes);
  size_t TakeRoom(BlockPool* pool, size_t size);

  uint32_t first_ = BlockPool::kNone;
  uint32_t last_ = BlockPool::kNone;
  uint32_t block_count_ = 0;
  uint32_t used_ = BlockPool::kBlockBytes;  // bytes used of the last block
};

// Walks over a chain's segments: Next(), then read exactly all of its bytes with CopyTo, Piece or Skip. They come as
// they were appended; `codec` is the one that has packed them, or null where none has.
class SpanChainReader {
 public:
  // Where a segment's bytes begin.
  struct Position {
    uint32_t block;
    uint32_t at;
    SpanSegment packed;  // size 0: it is not
  };

  SpanChainReader(const BlockPool& pool, const SpanChain& chain, SpanCodec* codec = nullptr)
      : pool_(pool), codec_(codec), block_(chain.first_), last_(chain.last_), last_used_(chain.used_) {
    if (!chain.empty()) PrefetchNext();
  }

  // False at the end.
  bool Next(SpanSegment* segment);
  // The next piece of the segment that lies together, of `size` bytes at most. With a codec: until the next call.
  std::string_view Piece(uint32_t size) {
    return packed_.size == 0 && unpacked_.empty() ? StoredPiece(size) : UnpackedPiece(size);
  }
  char* CopyTo(char* to, uint32_t size);
  void Skip(uint32_t size);

  // Behind Next().
  Position position() const { return {block_, at_, packed_}; }
  void MoveTo(Position position) {
    block_ = position.block;
    at_ = position.at;
    packed_ = position.packed;
    unpacked_ = {};
  }

 private:
  static constexpr uint32_t kTogetherMax = 4096;

  // The whole block behind the present one: what reads spans goes from field to field, and would wait for each line.
  void PrefetchNext() const {
    if (block_ != last_) pool_.PrefetchBlock(pool_.Next(block_));
  }

  // Blocks that lie side by side are one piece, so that few spans lie in two; not too many of them, for all are
  // prefetched.
  std::string_view StoredPiece(uint32_t size) {
    if (at_ == BlockPool::kBlockBytes) GoOn();
    const char* const begin = pool_.Data(block_) + at_;
    uint32_t piece = std::min(size, BlockPool::kBlockBytes - at_);
    at_ += piece;
    while (piece < std::min(size, kTogetherMax) && pool_.Next(block_) == block_ + 1) {
      GoOn();
      at_ = std::min(size - piece, BlockPool::kBlockBytes);
      piece += at_;
    }
    return {begin, piece};
  }
  // To the next block, which there is.
  void GoOn() {
    block_ = pool_.Next(block_);
    at_ = 0;
    PrefetchNext();
  }
  // Of a segment that was packed.
  std::string_view UnpackedPiece(uint32_t size);
  // The packed segment at hand, to `to`.
  void UnpackTo(char* to);

  const BlockPool& pool_;
  SpanCodec* codec_;
  SpanSegment packed_;         // the segment at hand, while it is still packed; size 0: it is not
  std::string_view unpacked_;  // what is left of it when it no longer is
  uint32_t block_;
  uint32_t last_;
  uint32_t last_used_;
  uint32_t at_ = 0;
};

}  // namespace tailrace

#include "collector/shard/span_chain.h"

#include <algorithm>

#include "base/stream_copy.h"

namespace tailrace {

void SpanChain::AddBlock(BlockPool* pool) {
  const uint32_t block = pool->Allocate();
  if (block_count_ == 0) {
    first_ = block;
  } else {
    pool->Link(last_, block);
  }
  last_ = block;
  used_ = 0;
  ++block_count_;
}

void SpanChain::Append(BlockPool* pool, uint32_t header, std::string_view bytes) {
  if (used_ + kSegmentBytes > BlockPool::kBlockBytes) AddBlock(pool);
  const SpanSegment segment{header, static_cast<uint32_t>(bytes.size())};
  std::memcpy(pool->Data(last_) + used_, &segment, kSegmentBytes);
  used_ += kSegmentBytes;
  const char* from = bytes.data();
  size_t left = bytes.size();
  while (left > 0) {
    if (used_ == BlockPool::kBlockBytes) AddBlock(pool);
    const size_t piece = std::min<size_t>(left, BlockPool::kBlockBytes - used_);
    StreamCopy(pool->Data(last_) + used_, from, piece);
    used_ += static_cast<uint32_t>(piece);
    from += piece;
    left -= piece;
  }
}

void SpanChain::Free(BlockPool* pool) {
  if (block_count_ != 0) pool->FreeChain(first_, block_count_);
  *this = SpanChain();
}

bool SpanChainReader::Next(SpanSegment* segment) {
  if (block_ == BlockPool::kNone) return false;
  if (at_ + SpanChain::kSegmentBytes > BlockPool::kBlockBytes) {
    if (block_ == last_) return false;
    block_ = pool_.Next(block_);
    at_ = 0;
    PrefetchNext();
  }
  if (block_ == last_ && at_ == last_used_) return false;
  std::memcpy(segment, pool_.Data(block_) + at_, SpanChain::kSegmentBytes);
  at_ += SpanChain::kSegmentBytes;
  return true;
}

std::string_view SpanChainReader::Piece(uint32_t size) {
  if (at_ == BlockPool::kBlockBytes) {
    block_ = pool_.Next(block_);
    at_ = 0;
    PrefetchNext();
  }
  const uint32_t piece = std::min(size, BlockPool::kBlockBytes - at_);
  const std::string_view bytes(pool_.Data(block_) + at_, piece);
  at_ += piece;
  return bytes;
}

char* SpanChainReader::CopyTo(char* to, uint32_t size) {
  while (size > 0) {
    const std::string_view piece = Piece(size);
    std::memcpy(to, piece.data(), piece.size());
    to += piece.size();
    size -= static_cast<uint32_t>(piece.size());
  }
  return to;
}

void SpanChainReader::Skip(uint32_t size) {
  while (size > 0) size -= static_cast<uint32_t>(Piece(size).size());
}

}  // namespace tailrace

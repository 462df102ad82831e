#include "collector/shard/span_chain.h"

#include <algorithm>

#include "base/line_copy.h"
#include "collector/shard/whole_spans.h"

namespace tailrace {
namespace {

// The next piece: as many whole spans as it may have, or a single larger one.
size_t PieceOf(std::string_view bytes) {
  if (bytes.size() <= SpanCodec::kPieceMax) return bytes.size();
  if (const size_t whole = WholeSpans(bytes, SpanCodec::kPieceMax); whole != 0) return whole;
  WireReader reader(bytes);
  if (reader.Next()) reader.Skip();
  return reader.ok() ? static_cast<size_t>(reader.position() - bytes.data()) : bytes.size();
}

}  // namespace

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
  Write(pool, {header, static_cast<uint32_t>(bytes.size())}, bytes);
}

void SpanChain::AppendPacked(BlockPool* pool, SpanCodec* codec, uint32_t header, std::string_view bytes,
                             int64_t now_ns) {
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, PieceOf(bytes));
    bytes.remove_prefix(piece.size());
    const PackedPiece packed = piece.size() <= SpanCodec::kPieceMax ? codec->Pack(piece, now_ns) : PackedPiece();
    if (packed.bytes.empty()) {
      Append(pool, header, piece);
    } else {
      Write(pool, PackedSegment::Write(header, static_cast<uint32_t>(piece.size()), packed), packed.bytes);
    }
  }
}

void SpanChain::Write(BlockPool* pool, const SpanSegment& segment, std::string_view bytes) {
  if (used_ + kSegmentBytes > BlockPool::kBlockBytes) AddBlock(pool);
  std::memcpy(pool->Data(last_) + used_, &segment, kSegmentBytes);
  used_ += kSegmentBytes;
  while (!bytes.empty()) {
    if (used_ == BlockPool::kBlockBytes) AddBlock(pool);
    char* const to = pool->Data(last_) + used_;
    const size_t room = TakeRoom(pool, bytes.size());
    StreamCopy(to, bytes.data(), room);
    bytes.remove_prefix(room);
  }
}

// Takes as much of `size` as fits into the last block and those that are added right behind it.
size_t SpanChain::TakeRoom(BlockPool* pool, size_t size) {
  size_t room = std::min<size_t>(size, BlockPool::kBlockBytes - used_);
  used_ += static_cast<uint32_t>(room);
  while (room < size) {
    const uint32_t before = last_;
    AddBlock(pool);
    if (last_ != before + 1) break;
    used_ = static_cast<uint32_t>(std::min<size_t>(size - room, BlockPool::kBlockBytes));
    room += used_;
  }
  return room;
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
  packed_ = {};
  if ((segment->header & PackedSegment::kMark) != 0) {
    packed_ = *segment;
    *segment = {PackedSegment::Header(packed_), PackedSegment::Size(packed_)};
  }
  return true;
}

std::string_view SpanChainReader::UnpackedPiece(uint32_t size) {
  if (packed_.size != 0) {
    const uint32_t all = PackedSegment::Size(packed_);
    UnpackTo(codec_->piece_room());
    unpacked_ = {codec_->piece_room(), all};
  }
  const std::string_view bytes = unpacked_.substr(0, size);
  unpacked_.remove_prefix(bytes.size());
  return bytes;
}

void SpanChainReader::UnpackTo(char* to) {
  const SpanSegment packed = packed_;
  packed_ = {};
  uint32_t left = PackedSegment::PackedSize(packed);
  PackedPiece piece{PackedSegment::Dictionary(packed), StoredPiece(left)};
  left -= static_cast<uint32_t>(piece.bytes.size());
  if (left != 0) {
    char* const room = codec_->packed_room();
    std::memcpy(room, piece.bytes.data(), piece.bytes.size());
    CopyTo(room + piece.bytes.size(), left);
    piece.bytes = {room, PackedSegment::PackedSize(packed)};
  }
  codec_->Unpack(piece, to, PackedSegment::Size(packed));
}

char* SpanChainReader::CopyTo(char* to, uint32_t size) {
  if (packed_.size != 0 && PackedSegment::Size(packed_) == size) {
    UnpackTo(to);
    return to + size;
  }
  while (size > 0) {
    const std::string_view piece = Piece(size);
    BulkCopy(to, piece.data(), piece.size());
    to += piece.size();
    size -= static_cast<uint32_t>(piece.size());
  }
  return to;
}

void SpanChainReader::Skip(uint32_t size) {
  if (packed_.size != 0 && PackedSegment::Size(packed_) == size) {
    size = PackedSegment::PackedSize(packed_);
    packed_ = {};
  }
  while (size > 0) size -= static_cast<uint32_t>(Piece(size).size());
}

}  // namespace tailrace

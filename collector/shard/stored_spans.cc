#include "collector/shard/stored_spans.h"

#include "proto/wire_reader.h"

namespace tailrace {

bool PackedSpans::Next(std::string_view* span) {
  if (at_ == end_) return false;
  WireReader reader(std::string_view(at_, static_cast<size_t>(end_ - at_)));
  if (!reader.Next()) return false;
  *span = reader.Bytes();
  at_ = reader.position();
  return reader.ok();
}

void ChainSpans::Rewind() {
  reader_.emplace(pool_, *chain_);
  spans_.Set({});
}

bool ChainSpans::Next(StoredSpan* span) {
  while (!spans_.Next(&span->span)) {
    if (!reader_->Next(&segment_)) return false;
    spans_.Set(Gather(segment_.size));
  }
  const HeaderStore::Header& header = headers_.Get(segment_.header);
  span->resource = header.resource();
  span->scope = header.scope();
  span->header = segment_.header;
  return true;
}

std::string_view ChainSpans::Gather(uint32_t size) {
  const std::string_view piece = reader_->Piece(size);
  if (piece.size() == size) return piece;
  joined_.assign(piece);
  joined_.resize(size);
  reader_->CopyTo(joined_.data() + piece.size(), size - static_cast<uint32_t>(piece.size()));
  return joined_;
}

void RunSpans::Rewind() {
  at_ = 0;
  spans_.Set({});
}

bool RunSpans::Next(StoredSpan* span) {
  while (!spans_.Next(&span->span)) {
    if (at_ == runs_.size()) return false;
    spans_.Set(view_->spans(*runs_[at_++]));
  }
  const uint32_t header = runs_[at_ - 1]->header;
  span->resource = view_->resource(header);
  span->scope = view_->scope(header);
  span->header = header;
  return true;
}

}  // namespace tailrace

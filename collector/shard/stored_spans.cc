#include "collector/shard/stored_spans.h"

#include "proto/wire_reader.h"

namespace tailrace {
namespace {

// A span with its tag and length, as it lies in a segment.
struct Framed {
  size_t header = 0;  // bytes of tag and length
  size_t size = 0;    // with them
  std::string_view MessageIn(std::string_view bytes) const { return bytes.substr(header, size - header); }
};

// False where `bytes` end before the length does.
bool ReadFrame(std::string_view bytes, Framed* framed) {
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  uint64_t tag = 0, size = 0;
  if (!ReadVarint(&at, end, &tag) || !ReadVarint(&at, end, &size)) return false;
  framed->header = static_cast<size_t>(at - bytes.data());
  framed->size = framed->header + size;
  return true;
}

}  // namespace

bool PackedSpans::Next(std::string_view* span) {
  if (at_ == end_) return false;
  WireReader reader(std::string_view(at_, static_cast<size_t>(end_ - at_)));
  if (!reader.Next()) return false;
  *span = reader.Bytes();
  at_ = reader.position();
  return reader.ok();
}

void ChainSpans::Rewind() {
  reader_.emplace(storage_.Reader(*chain_));
  left_ = 0;
  piece_ = {};
}

bool ChainSpans::Next(StoredSpan* span) {
  while (piece_.empty()) {
    if (left_ == 0) {
      if (!reader_->Next(&segment_)) return false;
      left_ = segment_.size;
    }
    piece_ = reader_->Piece(left_);
    left_ -= static_cast<uint32_t>(piece_.size());
  }
  Framed framed;
  if (ReadFrame(piece_, &framed) && framed.size <= piece_.size()) {
    span->span = framed.MessageIn(piece_);
    piece_.remove_prefix(framed.size);
  } else {
    span->span = Join();
    if (span->span.empty()) return false;
  }
  const HeaderStore::Header& header = storage_.headers.Get(segment_.header);
  span->resource = header.resource();
  span->scope = header.scope();
  span->header = segment_.header;
  return true;
}

std::string_view ChainSpans::Join() {
  joined_.assign(piece_);
  piece_ = {};
  const auto take = [this](size_t size) {
    const size_t before = joined_.size();
    joined_.resize(before + size);
    reader_->CopyTo(joined_.data() + before, static_cast<uint32_t>(size));
    left_ -= static_cast<uint32_t>(size);
  };
  Framed framed;
  while (!ReadFrame(joined_, &framed)) {
    if (left_ == 0) return {};
    take(1);
  }
  const size_t missing = framed.size - joined_.size();
  if (missing > left_) return {};
  take(missing);
  return framed.MessageIn(joined_);
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

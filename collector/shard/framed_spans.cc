#include "collector/shard/framed_spans.h"

namespace tailrace {
namespace {

constexpr uint32_t kResourceSpans = WireTag(1, kLengthDelimited);
constexpr uint32_t kInner = WireTag(2, kLengthDelimited);  // ScopeSpans in ResourceSpans, spans in ScopeSpans

// What stands before the first inner message; the rest stays in `reader`. The frames are our own, in which nothing
// follows the inner messages.
std::string_view TakeHeader(std::string_view message, WireReader* reader) {
  WireReader at(message);
  while (at.Next()) {
    if (at.tag() == kInner) {
      const std::string_view header = message.substr(0, static_cast<size_t>(at.field_start() - message.data()));
      *reader = WireReader(message.substr(header.size()));
      return header;
    }
    at.Skip();
  }
  *reader = WireReader({});
  return message;
}

}  // namespace

void FramedSpans::Rewind() {
  resources_ = WireReader(request_);
  scopes_ = WireReader({});
  spans_ = WireReader({});
}

bool FramedSpans::NextResource() {
  while (resources_.Next()) {
    if (resources_.tag() != kResourceSpans) {
      resources_.Skip();
      continue;
    }
    resource_ = TakeHeader(resources_.Bytes(), &scopes_);
    return resources_.ok();
  }
  return false;
}

bool FramedSpans::NextScope() {
  for (;;) {
    while (scopes_.Next()) {
      if (scopes_.tag() != kInner) {
        scopes_.Skip();
        continue;
      }
      scope_ = TakeHeader(scopes_.Bytes(), &spans_);
      ++header_;
      return scopes_.ok();
    }
    if (!NextResource()) return false;
  }
}

bool FramedSpans::Next(StoredSpan* span) {
  for (;;) {
    while (spans_.Next()) {
      if (spans_.tag() != kInner) {
        spans_.Skip();
        continue;
      }
      span->span = spans_.Bytes();
      span->resource = resource_;
      span->scope = scope_;
      span->header = header_;
      return spans_.ok();
    }
    if (!NextScope()) return false;
  }
}

}  // namespace tailrace

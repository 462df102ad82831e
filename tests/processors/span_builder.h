// Spans as wire bytes, by hand: for tests of policies that read spans.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "processors/policy.h"

namespace tailrace {

inline std::string WireField(int field, std::string_view bytes) {
  std::string out;
  const auto varint = [&out](uint64_t value) {
    for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
  };
  varint(static_cast<uint64_t>(field) << 3 | 2);
  varint(bytes.size());
  return out.append(bytes);
}

inline std::string WireNumber(int field, uint64_t value) {
  std::string out(1, static_cast<char>(field << 3));
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  return out += static_cast<char>(value);
}

// AnyValue messages.
inline std::string StringValue(std::string_view text) { return WireField(1, text); }
inline std::string BoolValue(bool value) { return WireNumber(2, value ? 1 : 0); }
inline std::string IntValue(int64_t value) { return WireNumber(3, static_cast<uint64_t>(value)); }

// A KeyValue in field 9 of a Span.
inline std::string SpanAttribute(std::string_view key, std::string_view value) {
  return WireField(9, WireField(1, key) + WireField(2, value));
}
// A ResourceSpans' resource with one attribute.
inline std::string ResourceAttribute(std::string_view key, std::string_view value) {
  return WireField(1, WireField(1, WireField(1, key) + WireField(2, value)));
}

class BuiltSpans final : public TraceSpans {
 public:
  BuiltSpans& Add(std::string span, std::string resource = "") {
    texts_.push_back(std::move(span));
    texts_.push_back(std::move(resource));
    return *this;
  }
  void Rewind() override { next_ = 0; }
  bool Next(StoredSpan* span) override {
    if (next_ == texts_.size()) return false;
    *span = StoredSpan();
    span->span = texts_[next_];
    span->resource = texts_[next_ + 1];
    span->header = static_cast<uint32_t>(next_);
    next_ += 2;
    return true;
  }

 private:
  std::deque<std::string> texts_;  // span, resource, span, resource ...
  size_t next_ = 0;
};

}  // namespace tailrace

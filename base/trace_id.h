// TraceId: the 16 bytes that every span of one trace shares. A value; immutable once made.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace tailrace {

struct TraceId {
  std::array<uint8_t, 16> bytes{};

  // `data` holds 16 bytes at least.
  static TraceId FromBytes(const void* data) {
    TraceId id;
    std::memcpy(id.bytes.data(), data, id.bytes.size());
    return id;
  }

  // The first and the last eight bytes as they lie in memory; only for hashing and for the all-zero test.
  uint64_t low_word() const { return Word(0); }
  uint64_t high_word() const { return Word(8); }
  // An all-zero id is invalid (OTLP trace.proto).
  bool valid() const { return (low_word() | high_word()) != 0; }

  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  std::string ToHex() const;

  friend bool operator==(const TraceId& a, const TraceId& b) {
    return a.low_word() == b.low_word() && a.high_word() == b.high_word();
  }

 private:
  uint64_t Word(size_t at) const {
    uint64_t word;
    std::memcpy(&word, bytes.data() + at, sizeof(word));
    return word;
  }
};

}  // namespace tailrace

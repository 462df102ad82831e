// WireReader: walks over one protobuf message field by field, in four words of state and with one bounds check for each
// advance. For everything but the request scanner's inner loop, which does the same by hand.
//
//   WireReader reader(bytes);
//   while (reader.Next()) {
//     switch (reader.tag()) {
//       case WireTag(1, kLengthDelimited): Use(reader.Bytes()); break;
//       default: reader.Skip();
//     }
//   }
//   if (!reader.ok()) ... bad input ...
//
// A value; any thread. Every Next() must be followed by exactly one of Varint, Fixed32, Fixed64, Bytes or Skip. Bad
// input makes Next() return false and ok() false; the value readers then return 0 or empty. Groups (wire types 3 and 4)
// are bad input, for OTLP has none, except to SkipUnknown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tailrace {

enum WireType : uint32_t {
  kVarint = 0,
  kFixed64 = 1,
  kLengthDelimited = 2,
  kStartGroup = 3,
  kEndGroup = 4,
  kFixed32 = 5,
};

constexpr uint32_t WireTag(uint32_t field, WireType type) { return field << 3 | type; }

// The rest of ReadVarint, for values of more than one byte.
inline bool ReadLongVarint(const char** at, const char* end, uint64_t* value) {
  const char* p = *at;
  uint64_t result = 0;
  for (uint32_t shift = 0; shift < 70 && p < end; shift += 7) {
    const uint8_t byte = static_cast<uint8_t>(*p++);
    result |= static_cast<uint64_t>(byte & 0x7F) << (shift & 63);
    if (byte < 0x80) {
      *at = p;
      *value = result;
      return true;
    }
  }
  return false;
}

// Reads a varint at *at, not past `end`. False, with *at untouched, where it is cut off or longer than ten bytes.
inline bool ReadVarint(const char** at, const char* end, uint64_t* value) {
  // Tags of the first fifteen fields and most lengths.
  if (*at < end && static_cast<uint8_t>(**at) < 0x80) [[likely]] {
    *value = static_cast<uint8_t>(*(*at)++);
    return true;
  }
  return ReadLongVarint(at, end, value);
}

class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  // Moves to the next field. False at the end of the message and on bad input.
  bool Next() {
    if (!ok_ || at_ == end_) return false;
    start_ = at_;
    uint64_t tag = 0;
    if (!ReadVarint(&at_, end_, &tag) || tag > UINT32_MAX || (tag >> 3) == 0) return Fail();
    tag_ = static_cast<uint32_t>(tag);
    return true;
  }

  uint32_t tag() const { return tag_; }
  uint32_t field() const { return tag_ >> 3; }
  uint32_t wire_type() const { return tag_ & 7; }
  bool ok() const { return ok_; }
  // Where the present field's tag begins, and where the reader stands (after a value: the field's end).
  const char* field_start() const { return start_; }
  const char* position() const { return at_; }

  uint64_t Varint() {
    uint64_t value = 0;
    if (!ReadVarint(&at_, end_, &value)) Fail();
    return ok_ ? value : 0;
  }
  uint64_t Fixed64() { return Fixed<uint64_t>(); }
  uint32_t Fixed32() { return Fixed<uint32_t>(); }
  std::string_view Bytes() {
    uint64_t size = 0;
    if (!ReadVarint(&at_, end_, &size) || size > static_cast<uint64_t>(end_ - at_)) {
      Fail();
      return {};
    }
    const std::string_view bytes(at_, size);
    at_ += size;
    return bytes;
  }
  void Skip() {
    switch (wire_type()) {
      case kVarint:
        Varint();
        return;
      case kFixed64:
        Fixed64();
        return;
      case kLengthDelimited:
        Bytes();
        return;
      case kFixed32:
        Fixed32();
        return;
      default:
        Fail();
    }
  }
  // As Skip, and over a group with all that is in it, which libprotobuf passes over too. For what another program
  // answers: it is read as far as it can be, so it does not matter whether a group's two ends have the same number.
  void SkipUnknown() {
    uint32_t open = 0;
    do {
      if (wire_type() == kStartGroup) {
        ++open;
      } else if (wire_type() == kEndGroup && open > 0) {
        --open;
      } else {
        Skip();
      }
    } while (open > 0 && Next());
  }

 private:
  bool Fail() {
    ok_ = false;
    at_ = end_;
    return false;
  }
  template <typename T>
  T Fixed() {
    T value = 0;
    if (end_ - at_ < static_cast<ptrdiff_t>(sizeof(T))) {
      Fail();
      return 0;
    }
    std::memcpy(&value, at_, sizeof(T));
    at_ += sizeof(T);
    return value;
  }

  const char* at_;
  const char* end_;
  const char* start_ = nullptr;
  uint32_t tag_ = 0;
  bool ok_ = true;
};

}  // namespace tailrace

// One attribute value, read from its wire bytes without decoding what is inside.
//
//   message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3;
//                                    double double_value = 4; ArrayValue array_value = 5;
//                                    KeyValueList kvlist_value = 6; bytes bytes_value = 7; } }
//   message ArrayValue { repeated AnyValue values = 1; }
//   message KeyValueList { repeated KeyValue values = 1; }
//   message KeyValue { string key = 1; AnyValue value = 2; }
//
// Pure; any thread; never fails: the bytes were scanned before, and what cannot be read is empty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tailrace {

enum class AnyKind : uint8_t { kEmpty, kString, kBool, kInt, kDouble, kArray, kMap, kBytes };

struct AnyValue {
  AnyKind kind = AnyKind::kEmpty;
  union {
    bool boolean;
    int64_t integer = 0;
    double number;
  };
  // kString, kBytes: the text; kArray, kMap: an ArrayValue or KeyValueList message.
  std::string_view bytes;
};

// Messages in any form that protobuf allows. Where the oneof is given more than once, the last one counts.
AnyValue ReadOddAnyValue(std::string_view message);

// The same, quick for what every encoder writes: a text of less than 128 bytes, or a number in a varint of two.
inline AnyValue ReadAnyValue(std::string_view message) {
  const auto byte = [message](size_t at) { return static_cast<uint8_t>(message[at]); };
  const size_t size = message.size();
  if (size >= 2 && byte(0) == 0x0A && byte(1) < 0x80 && size_t{2} + byte(1) == size) {
    AnyValue value;
    value.kind = AnyKind::kString;
    value.bytes = message.substr(2);
    return value;
  }
  if (size == 3 && byte(0) == 0x18 && byte(1) >= 0x80 && byte(2) < 0x80) {
    AnyValue value;
    value.kind = AnyKind::kInt;
    value.integer = (byte(1) & 0x7F) | byte(2) << 7;
    return value;
  }
  return ReadOddAnyValue(message);
}

struct KeyValue {
  std::string_view key;
  std::string_view value;  // an AnyValue message; never null
};
// Messages in any form that protobuf allows.
KeyValue ReadOddKeyValue(std::string_view message);

// The same, quick for what every encoder writes: a key and a value, each once, in this order and shorter than 128
// bytes.
inline KeyValue ReadKeyValue(std::string_view message) {
  const auto byte = [message](size_t at) { return static_cast<uint8_t>(message[at]); };
  const size_t size = message.size();
  if (size >= 4 && byte(0) == 0x0A) {
    const size_t value_at = size_t{2} + byte(1);
    if (byte(1) < 0x80 && value_at + 2 <= size && byte(value_at) == 0x12 && byte(value_at + 1) < 0x80 &&
        value_at + 2 + byte(value_at + 1) == size) {
      return {message.substr(2, value_at - 2), message.substr(value_at + 2)};
    }
  }
  return ReadOddKeyValue(message);
}

}  // namespace tailrace

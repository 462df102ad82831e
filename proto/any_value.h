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

// Where the oneof is given more than once, the last one counts.
AnyValue ReadAnyValue(std::string_view message);

struct KeyValue {
  std::string_view key;
  std::string_view value;  // an AnyValue message; never null
};
KeyValue ReadKeyValue(std::string_view message);

}  // namespace tailrace

#include "proto/any_value.h"

#include <bit>

#include "proto/wire_reader.h"

namespace tailrace {

AnyValue ReadOddAnyValue(std::string_view message) {
  AnyValue value;
  WireReader reader(message);
  while (reader.Next()) {
    switch (reader.tag()) {
      case WireTag(1, kLengthDelimited):
        value.kind = AnyKind::kString;
        value.bytes = reader.Bytes();
        break;
      case WireTag(2, kVarint):
        value.kind = AnyKind::kBool;
        value.boolean = reader.Varint() != 0;
        break;
      case WireTag(3, kVarint):
        value.kind = AnyKind::kInt;
        value.integer = static_cast<int64_t>(reader.Varint());
        break;
      case WireTag(4, kFixed64):
        value.kind = AnyKind::kDouble;
        value.number = std::bit_cast<double>(reader.Fixed64());
        break;
      case WireTag(5, kLengthDelimited):
        value.kind = AnyKind::kArray;
        value.bytes = reader.Bytes();
        break;
      case WireTag(6, kLengthDelimited):
        value.kind = AnyKind::kMap;
        value.bytes = reader.Bytes();
        break;
      case WireTag(7, kLengthDelimited):
        value.kind = AnyKind::kBytes;
        value.bytes = reader.Bytes();
        break;
      default:
        reader.Skip();
    }
  }
  return value;
}

KeyValue ReadOddKeyValue(std::string_view message) {
  KeyValue key_value{std::string_view("", 0), std::string_view("", 0)};
  WireReader reader(message);
  while (reader.Next()) {
    switch (reader.tag()) {
      case WireTag(1, kLengthDelimited):
        key_value.key = reader.Bytes();
        break;
      case WireTag(2, kLengthDelimited):
        key_value.value = reader.Bytes();
        break;
      default:
        reader.Skip();
    }
  }
  return key_value;
}

}  // namespace tailrace

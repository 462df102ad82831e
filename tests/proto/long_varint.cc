#include "tests/proto/long_varint.h"

#include <cstdint>

#include "proto/wire_reader.h"

namespace tailrace::testing {

bool HoldsLongVarint(std::string_view bytes, const google::protobuf::Descriptor& type) {
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  while (at < end) {
    const char* start = at;
    uint64_t tag = 0, value = 0;
    if (!ReadVarint(&at, end, &tag)) return false;
    if (tag > UINT32_MAX || at - start > 5) return true;
    start = at;
    switch (tag & 7) {
      case kVarint:
        if (!ReadVarint(&at, end, &value)) return false;
        break;
      case kFixed64:
        at += end - at < 8 ? end - at : 8;
        break;
      case kFixed32:
        at += end - at < 4 ? end - at : 4;
        break;
      case kLengthDelimited: {
        if (!ReadVarint(&at, end, &value)) return false;
        if (at - start > 5) return true;
        if (value > static_cast<uint64_t>(end - at)) return false;
        const google::protobuf::FieldDescriptor* field = type.FindFieldByNumber(static_cast<int>(tag >> 3));
        const bool message =
            field != nullptr && field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE;
        if (message && HoldsLongVarint({at, value}, *field->message_type())) return true;
        at += value;
        break;
      }
      case kStartGroup:
      case kEndGroup:
        break;
      default:
        return false;
    }
  }
  return false;
}

}  // namespace tailrace::testing

#include "proto/service_name.h"

#include "proto/wire_reader.h"

namespace tailrace {
namespace {

constexpr uint32_t kBytesType = 2;

// The next field `number` of bytes, as WireReader::Next() goes; false at the end.
bool NextBytes(WireReader* reader, uint32_t number, std::string_view* bytes) {
  while (reader->Next()) {
    if (reader->field() == number && reader->wire_type() == kBytesType) {
      *bytes = reader->Bytes();
      return reader->ok();
    }
    reader->Skip();
  }
  return false;
}

std::string_view LastBytes(std::string_view message, uint32_t number) {
  WireReader reader(message);
  std::string_view found, next;
  while (NextBytes(&reader, number, &next)) found = next;
  return found;
}

}  // namespace

std::string_view ServiceNameOf(std::string_view resource) {
  WireReader fields(resource);
  std::string_view message, attribute;
  while (NextBytes(&fields, 1, &message)) {  // resource
    WireReader attributes(message);
    while (NextBytes(&attributes, 1, &attribute)) {  // attributes
      if (LastBytes(attribute, 1) == "service.name")
        return LastBytes(LastBytes(attribute, 2), 1);  // value.string_value
    }
  }
  return {};
}

}  // namespace tailrace

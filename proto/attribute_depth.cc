#include "proto/attribute_depth.h"

#include "proto/wire_reader.h"

namespace tailrace {
namespace {

bool AnyValueTooDeep(std::string_view any_value, int levels_left);

// `list` is an ArrayValue (elements are AnyValue) or a KeyValueList (elements are KeyValue, whose value is field 2).
bool ListTooDeep(std::string_view list, bool elements_are_key_values, int levels_left) {
  WireReader reader(list);
  while (reader.Next()) {
    if (reader.tag() != WireTag(1, kLengthDelimited)) {
      reader.Skip();
      continue;
    }
    const std::string_view element = reader.Bytes();
    if (!elements_are_key_values) {
      if (AnyValueTooDeep(element, levels_left)) return true;
      continue;
    }
    WireReader pair(element);
    while (pair.Next()) {
      if (pair.tag() != WireTag(2, kLengthDelimited)) {
        pair.Skip();
      } else if (AnyValueTooDeep(pair.Bytes(), levels_left)) {
        return true;
      }
    }
  }
  return false;
}

bool AnyValueTooDeep(std::string_view any_value, int levels_left) {
  WireReader reader(any_value);
  while (reader.Next()) {
    const bool array = reader.tag() == WireTag(5, kLengthDelimited);
    const bool map = reader.tag() == WireTag(6, kLengthDelimited);
    if (!array && !map) {
      reader.Skip();
      continue;
    }
    if (levels_left == 0) return true;
    if (ListTooDeep(reader.Bytes(), map, levels_left - 1)) return true;
  }
  return false;
}

// A key and a string and nothing else: what nearly all long attributes are. Reads none of the text.
bool IsPlainText(std::string_view key_value) {
  const char* at = key_value.data();
  const char* end = at + key_value.size();
  const auto enters = [&](uint32_t tag, const char** past) {
    uint64_t size = 0;
    if (at == end || static_cast<uint8_t>(*at++) != tag || !ReadVarint(&at, end, &size)) return false;
    if (size > static_cast<uint64_t>(end - at)) return false;
    *past = at + size;
    return true;
  };
  const char* past = nullptr;
  if (!enters(WireTag(1, kLengthDelimited), &past)) return false;
  at = past;
  if (!enters(WireTag(2, kLengthDelimited), &past) || past != end) return false;
  return enters(WireTag(1, kLengthDelimited), &past) && past == end;
}

}  // namespace

bool KeyValueTooDeep(std::string_view key_value) {
  if (!CanBeTooDeep(key_value) || IsPlainText(key_value)) return false;
  WireReader reader(key_value);
  while (reader.Next()) {
    if (reader.tag() != WireTag(2, kLengthDelimited)) {
      reader.Skip();
    } else if (AnyValueTooDeep(reader.Bytes(), kAttributeDepthMax)) {
      return true;
    }
  }
  return false;
}

bool AttributesTooDeep(std::string_view message, uint32_t attributes_field) {
  if (!CanBeTooDeep(message)) return false;
  WireReader reader(message);
  while (reader.Next()) {
    if (reader.tag() != WireTag(attributes_field, kLengthDelimited)) {
      reader.Skip();
    } else if (KeyValueTooDeep(reader.Bytes())) {
      return true;
    }
  }
  return false;
}

}  // namespace tailrace

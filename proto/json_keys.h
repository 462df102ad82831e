// From the keys of a JSON object to the fields of the message, for proto/json_reader.cc. Pure; any thread.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "proto/json_fields.h"
#include "proto/json_short_bytes.h"

namespace tailrace::otlp_json {

// message AnyValue { oneof value { ... } }: the members by number. The reader goes by the number alone, the kinds only
// say which of them are messages.
inline constexpr Field kAnyValueMembers[] = {{1, "stringValue", Kind::kString},
                                             {2, "boolValue", Kind::kUint32},
                                             {3, "intValue", Kind::kUint32},
                                             {4, "doubleValue", Kind::kTime},
                                             {5, "arrayValue", Kind::kMessage, &kArrayValue},
                                             {6, "kvlistValue", Kind::kMessage, &kKeyValueList},
                                             {7, "bytesValue", Kind::kString}};

// The fields that an object may have for `type`.
inline std::span<const Field> FieldsOf(const Message& type) {
  return &type == &kAnyValue ? std::span<const Field>(kAnyValueMembers) : type.fields;
}

// The field whose key is `key` as snake_case; nullptr where there is none.
const Field* FindSnakeField(std::span<const Field> fields, std::string_view key);

// The field of this key, in lowerCamelCase or snake_case; nullptr for one that is unknown. `*guess` is the index to
// look at first, and is moved behind the one found: clients write the same keys in the same order.
inline const Field* FindField(std::span<const Field> fields, std::string_view key, size_t* guess) {
  size_t i = *guess;
  for (size_t tries = 0; tries < fields.size(); ++tries) {
    const size_t next = i + 1 == fields.size() ? 0 : i + 1;
    if (SameBytes(key, fields[i].key)) {
      *guess = next;
      return &fields[i];
    }
    i = next;
  }
  return key.find('_') == std::string_view::npos ? nullptr : FindSnakeField(fields, key);
}

}  // namespace tailrace::otlp_json

// Attribute values and ids as text for people. What a client sent is made harmless for a terminal: control characters
// are shown as \xNN (base/printable.h). Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tailrace {

// How the Collector names the type of a serialized AnyValue: Str, Bool, Int, Double, Slice, Map, Bytes, Empty.
const char* ValueTypeName(std::string_view any_value);

// The value as the Collector's AsString(): text as it is, bytes in base64, lists and maps as JSON.
void AppendValueText(std::string_view any_value, std::string* out);

// At most `bytes_max` bytes of it, then "...".
void AppendShortened(std::string_view text, size_t bytes_max, std::string* out);

std::string IdText(std::string_view id);
// As Go prints a UTC time: "2020-02-11 20:26:12.000000321 +0000 UTC".
std::string TimeText(uint64_t unix_ns);

}  // namespace tailrace

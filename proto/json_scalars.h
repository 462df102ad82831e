// The texts that OTLP/JSON puts numbers, ids, enums and bytes into, read into what the wire wants. Pure; any thread.
// All return false where the text is none of theirs.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace tailrace::otlp_json {

// All of `text` is one decimal integer that fits T. No sign but '-', no space.
template <typename T>
bool ParseDecimal(std::string_view text, T* value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && end == text.data() + text.size();
}

// A JSON number as a string, or "NaN", "Infinity", "-Infinity".
bool ParseDoubleText(std::string_view text, double* value);

// Hex digits of either case, two for each of the text.size() / 2 bytes at `out`.
bool DecodeHex(std::string_view text, char* out);

// Standard or URL alphabet, with padding or without.
bool DecodeBase64(std::string_view text, std::string* out);

// "SPAN_KIND_SERVER" for the field `kind`, "STATUS_CODE_OK" for `code`.
bool ParseEnumName(std::string_view field, std::string_view name, int32_t* value);

}  // namespace tailrace::otlp_json

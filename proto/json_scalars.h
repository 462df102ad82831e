// The texts that OTLP/JSON puts numbers, ids, enums and bytes into, read into what the wire wants. Pure; any thread.
// All return false where the text is none of theirs.
#pragma once

#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>

namespace tailrace::otlp_json {

// Eight decimal digits at `text`, all at once: neighbours are joined to numbers of two, of four, of eight digits.
inline bool EightDigits(const char* text, uint32_t* value) {
  static_assert(std::endian::native == std::endian::little);
  uint64_t word;
  std::memcpy(&word, text, sizeof(word));
  // A digit's upper half is 3, and stays so with 6 added.
  if (((word & 0xF0F0F0F0F0F0F0F0) | ((word + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0) >> 4) != 0x3333333333333333) {
    return false;
  }
  word = (word & 0x0F0F0F0F0F0F0F0F) * (10 << 8 | 1) >> 8;
  word = (word & 0x00FF00FF00FF00FF) * (100 << 16 | 1) >> 16;
  *value = static_cast<uint32_t>((word & 0x0000FFFF0000FFFF) * (uint64_t{10000} << 32 | 1) >> 32);
  return true;
}

// All of `text` is one decimal integer that fits T. No sign but '-', no space.
template <typename T>
bool ParseDecimal(std::string_view text, T* value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && end == text.data() + text.size();
}

// Times are of nineteen digits, which fit whatever they are.
inline constexpr size_t kDigitsThatFit = 19;

// The same for what is most often written: up to nineteen digits and nothing else take no check but that they are.
inline bool ParseDecimal(std::string_view text, uint64_t* value) {
  if (text.empty() || text.size() > kDigitsThatFit) return ParseDecimal<uint64_t>(text, value);
  uint64_t number = 0;
  size_t i = 0;
  for (; text.size() - i >= 8; i += 8) {
    uint32_t eight;
    if (!EightDigits(text.data() + i, &eight)) return false;
    number = number * 100'000'000 + eight;
  }
  for (; i < text.size(); ++i) {
    const uint8_t digit = static_cast<uint8_t>(text[i] - '0');
    if (digit > 9) return false;
    number = number * 10 + digit;
  }
  *value = number;
  return true;
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

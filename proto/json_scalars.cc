#include "proto/json_scalars.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"

namespace tailrace::otlp_json {
namespace {

// The value of each hex digit, 0xFF for any other character.
constexpr std::array<uint8_t, 256> kHexDigits = [] {
  std::array<uint8_t, 256> digits{};
  for (auto& digit : digits) digit = 0xFF;
  for (int i = 0; i < 10; ++i) digits[static_cast<size_t>('0' + i)] = static_cast<uint8_t>(i);
  for (int i = 0; i < 6; ++i) {
    digits[static_cast<size_t>('a' + i)] = static_cast<uint8_t>(10 + i);
    digits[static_cast<size_t>('A' + i)] = static_cast<uint8_t>(10 + i);
  }
  return digits;
}();

constexpr uint64_t kEachByte = 0x0101010101010101;

// The top bit of each byte that is from `low` to `high`, for bytes that have none.
constexpr uint64_t BytesBetween(uint64_t bytes, uint64_t low, uint64_t high) {
  return (bytes + kEachByte * (0x80 - low)) & ~(bytes + kEachByte * (0x7F - high)) & kEachByte * 0x80;
}

// Eight hex digits, all at once.
bool DecodeEightHex(const char* text, char* out) {
  static_assert(std::endian::native == std::endian::little);
  uint64_t word;
  std::memcpy(&word, text, sizeof(word));
  const uint64_t letters = BytesBetween((word | kEachByte * 0x20) & kEachByte * 0x7F, 'a', 'f');
  const uint64_t digits = BytesBetween(word & kEachByte * 0x7F, '0', '9');
  if ((letters | digits) != kEachByte * 0x80 || (word & kEachByte * 0x80) != 0) return false;
  const uint64_t halves = (word & kEachByte * 0x0F) + (letters >> 7) * 9;
  uint64_t bytes = (halves << 4 | halves >> 8) & 0x00FF00FF00FF00FF;
  bytes = (bytes | bytes >> 8) & 0x0000FFFF0000FFFF;
  const uint32_t four = static_cast<uint32_t>(bytes | bytes >> 16);
  std::memcpy(out, &four, sizeof(four));
  return true;
}

struct EnumName {
  std::string_view field;
  std::string_view name;
  int32_t value;
};
constexpr EnumName kEnumNames[] = {
    {"kind", "SPAN_KIND_UNSPECIFIED", 0}, {"kind", "SPAN_KIND_INTERNAL", 1}, {"kind", "SPAN_KIND_SERVER", 2},
    {"kind", "SPAN_KIND_CLIENT", 3},      {"kind", "SPAN_KIND_PRODUCER", 4}, {"kind", "SPAN_KIND_CONSUMER", 5},
    {"code", "STATUS_CODE_UNSET", 0},     {"code", "STATUS_CODE_OK", 1},     {"code", "STATUS_CODE_ERROR", 2},
};

}  // namespace

bool ParseDoubleText(std::string_view text, double* value) {
  if (text == "NaN") {
    *value = std::numeric_limits<double>::quiet_NaN();
    return true;
  }
  if (text == "Infinity" || text == "-Infinity") {
    *value = text.front() == '-' ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
    return true;
  }
  return ParseDecimal(text, value) && std::isfinite(*value);
}

bool DecodeHex(std::string_view text, char* out) {
  if (text.size() % 2 != 0) return false;
  size_t i = 0;
  for (; text.size() - i >= 8; i += 8) {
    if (!DecodeEightHex(text.data() + i, out + i / 2)) return false;
  }
  uint8_t bad = 0;
  for (; i < text.size(); i += 2) {
    const uint8_t high = kHexDigits[static_cast<uint8_t>(text[i])];
    const uint8_t low = kHexDigits[static_cast<uint8_t>(text[i + 1])];
    bad |= (high | low) & 0x80;
    out[i / 2] = static_cast<char>(high << 4 | low);
  }
  return bad == 0;
}

bool DecodeBase64(std::string_view text, std::string* out) {
  const absl::string_view in(text.data(), text.size());
  return absl::Base64Unescape(in, out) || absl::WebSafeBase64Unescape(in, out);
}

bool ParseEnumName(std::string_view field, std::string_view name, int32_t* value) {
  for (const EnumName& known : kEnumNames) {
    if (known.field != field || known.name != name) continue;
    *value = known.value;
    return true;
  }
  return false;
}

}  // namespace tailrace::otlp_json

#include "processors/ottl/compiler/literals.h"

#include <charconv>

namespace tailrace::ottl {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void AppendUtf8(uint32_t rune, std::string* text) {
  const auto put = [text](uint32_t byte) { text->push_back(static_cast<char>(byte)); };
  if (rune < 0x80) {
    put(rune);
  } else if (rune < 0x800) {
    put(0xC0 | rune >> 6);
    put(0x80 | (rune & 0x3F));
  } else if (rune < 0x10000) {
    put(0xE0 | rune >> 12);
    put(0x80 | (rune >> 6 & 0x3F));
    put(0x80 | (rune & 0x3F));
  } else {
    put(0xF0 | rune >> 18);
    put(0x80 | (rune >> 12 & 0x3F));
    put(0x80 | (rune >> 6 & 0x3F));
    put(0x80 | (rune & 0x3F));
  }
}

// The digits of \x41, é and \U0001F600.
bool UnquoteHex(std::string_view* rest, size_t digits, uint32_t* value) {
  if (rest->size() < digits) return false;
  *value = 0;
  for (size_t i = 0; i < digits; ++i) {
    const int digit = HexDigit((*rest)[i]);
    if (digit < 0) return false;
    *value = *value << 4 | static_cast<uint32_t>(digit);
  }
  rest->remove_prefix(digits);
  return true;
}

// What follows a backslash. All of \x, octal, \u and \U name a character.
bool UnquoteEscape(std::string_view* rest, std::string* text) {
  if (rest->empty()) return false;
  const char c = rest->front();
  rest->remove_prefix(1);
  static constexpr std::string_view kNames = "abfnrtv\\\"";
  static constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\\"";
  if (const size_t name = kNames.find(c); name != std::string_view::npos) {
    text->push_back(kMeanings[name]);
    return true;
  }
  uint32_t value = 0;
  if (c == 'x') {
    if (!UnquoteHex(rest, 2, &value)) return false;
    AppendUtf8(value, text);
    return true;
  }
  if (c == 'u' || c == 'U') {
    if (!UnquoteHex(rest, c == 'u' ? 4 : 8, &value)) return false;
    if (value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return false;
    AppendUtf8(value, text);
    return true;
  }
  if (c < '0' || c > '7' || rest->size() < 2) return false;
  value = static_cast<uint32_t>(c - '0');
  for (int i = 0; i < 2; ++i) {
    const char digit = (*rest)[static_cast<size_t>(i)];
    if (digit < '0' || digit > '7') return false;
    value = value * 8 + static_cast<uint32_t>(digit - '0');
  }
  if (value > 255) return false;
  rest->remove_prefix(2);
  AppendUtf8(value, text);
  return true;
}

}  // namespace

bool Unquote(std::string_view quoted, std::string* text) {
  text->clear();
  std::string_view rest = quoted.substr(1, quoted.size() - 2);
  while (!rest.empty()) {
    const char c = rest.front();
    if (c == '\n') return false;
    rest.remove_prefix(1);
    if (c != '\\') {
      text->push_back(c);
    } else if (!UnquoteEscape(&rest, text)) {
      return false;
    }
  }
  return true;
}

bool ParseInt(std::string_view digits, int64_t* value) {
  const int base = digits.size() > 1 && digits[0] == '0' ? 8 : 10;
  const char* end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, *value, base);
  return error == std::errc() && at == end;
}

bool ParseFloat(std::string_view digits, double* value) {
  const char* end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, *value);
  if (error == std::errc::result_out_of_range) {
    // Go takes what is too small for 0 and refuses what is too large.
    *value = 0;
    return digits.find("e-") != std::string_view::npos || digits.find("E-") != std::string_view::npos ||
           digits.find_first_not_of("0.") >= 300;
  }
  return error == std::errc() && at == end;
}

bool ParseBytes(std::string_view literal, std::string* bytes) {
  bytes->clear();
  literal.remove_prefix(2);
  if (literal.size() % 2 != 0) return false;
  for (size_t i = 0; i < literal.size(); i += 2) {
    bytes->push_back(static_cast<char>(HexDigit(literal[i]) << 4 | HexDigit(literal[i + 1])));
  }
  return true;
}

}  // namespace tailrace::ottl

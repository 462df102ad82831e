#include "processors/ottl/functions/go_verbs.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "processors/ottl/functions/go_values.h"
#include "processors/ottl/functions/utf8.h"

namespace tailrace::ottl {
namespace {

size_t RunesIn(std::string_view text) {
  size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(DecodeRune(text).size);
  return count;
}

// A sign and digits; zeros go between them.
void PadNumber(const Verb& verb, std::string sign, std::string_view digits, std::string* text) {
  const size_t width = static_cast<size_t>(verb.width.value_or(0));
  if (verb.zero && !verb.minus && width > sign.size() + digits.size()) {
    sign.append(width - sign.size() - digits.size(), '0');
  }
  Pad(verb, sign.append(digits), text);
}

std::string SignOf(const Verb& verb, bool negative) { return negative ? "-" : verb.plus ? "+" : verb.space ? " " : ""; }

std::string_view Truncated(const Verb& verb, std::string_view text) {
  if (!verb.precision.has_value()) return text;
  std::string_view rest = text;
  for (int left = *verb.precision; left > 0 && !rest.empty(); --left) rest.remove_prefix(DecodeRune(rest).size);
  return text.substr(0, text.size() - rest.size());
}

void AppendHex(const Verb& verb, std::string_view bytes, std::string* text) {
  if (verb.precision.has_value()) bytes = bytes.substr(0, static_cast<size_t>(*verb.precision));
  std::string hex;
  const std::string prefix = verb.sharp ? (verb.letter == 'x' ? "0x" : "0X") : "";
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0 && verb.space) hex.push_back(' ');
    if (i == 0 || verb.space) hex.append(prefix);
    const auto byte = static_cast<unsigned char>(bytes[i]);
    hex.append(verb.letter == 'x' ? absl::StrFormat("%02x", byte) : absl::StrFormat("%02X", byte));
  }
  Pad(verb, hex, text);
}

// One line without control characters or backquotes.
bool CanBackquote(std::string_view text) {
  while (!text.empty()) {
    const Rune rune = DecodeRune(text);
    const bool broken = rune.code == 0xFFFD && rune.size == 1;
    if (broken || (rune.code < ' ' && rune.code != '\t') || rune.code == '`' || rune.code == 0x7F ||
        rune.code == 0xFEFF) {
      return false;
    }
    text.remove_prefix(rune.size);
  }
  return true;
}

void AppendCodePoint(const Verb& verb, int64_t number, std::string* text) {
  std::string point = absl::StrFormat("U+%04X", static_cast<uint64_t>(number));
  if (verb.sharp && number >= 0 && number <= 0x10FFFF) {
    point += " '";
    AppendRune(static_cast<uint32_t>(number), &point);
    point += "'";
  }
  Pad(verb, point, text);
}

}  // namespace

void Pad(const Verb& verb, std::string_view what, std::string* text) {
  const size_t runes = RunesIn(what);
  const size_t width = static_cast<size_t>(verb.width.value_or(0));
  const std::string padding(width > runes ? width - runes : 0, verb.zero && !verb.minus ? '0' : ' ');
  absl::StrAppend(text, verb.minus ? "" : padding, absl::string_view(what.data(), what.size()),
                  verb.minus ? padding : "");
}

void AppendInteger(const Verb& verb, int64_t number, std::string* text) {
  const bool negative = number < 0;
  const uint64_t magnitude = negative ? ~static_cast<uint64_t>(number) + 1 : static_cast<uint64_t>(number);
  int base = 10;
  std::string prefix;
  switch (verb.letter) {
    case 'b':
      base = 2;
      if (verb.sharp) prefix = "0b";
      break;
    case 'o':
    case 'O':
      base = 8;
      prefix = verb.letter == 'O' ? "0o" : verb.sharp ? "0" : "";
      break;
    case 'x':
    case 'X':
      base = 16;
      if (verb.sharp) prefix = verb.letter == 'x' ? "0x" : "0X";
      break;
    default:
      break;
  }
  const std::string sign = SignOf(verb, negative);
  char buffer[65];
  std::string digits(buffer, std::to_chars(buffer, buffer + sizeof(buffer), magnitude, base).ptr);
  if (verb.letter == 'X') std::transform(digits.begin(), digits.end(), digits.begin(), ::toupper);
  Verb padding = verb;
  if (verb.precision.has_value()) {
    padding.zero = false;
    const auto least = static_cast<size_t>(*verb.precision);
    if (least == 0 && number == 0) return Pad(padding, "", text);
    if (digits.size() < least) digits.insert(0, least - digits.size(), '0');
  }
  // Zeros fill the width as if there were no prefix.
  const size_t width = static_cast<size_t>(verb.width.value_or(0));
  if (padding.zero && !verb.minus && width > sign.size() + digits.size()) {
    digits.insert(0, width - sign.size() - digits.size(), '0');
  }
  Pad(padding, sign + prefix + digits, text);
}

void AppendFloat(const Verb& verb, double number, std::string* text) {
  Verb padding = verb;
  const bool negative = std::signbit(number) && !std::isnan(number);
  if (std::isnan(number) || std::isinf(number)) {
    // Zeros do not stand before words; an infinity always has its sign.
    padding.zero = false;
    if (std::isnan(number)) return PadNumber(padding, SignOf(verb, false), "NaN", text);
    const std::string sign = SignOf(verb, negative);
    return PadNumber(padding, sign.empty() ? "+" : sign, "Inf", text);
  }
  const char letter = verb.letter == 'v' ? 'g' : static_cast<char>(verb.letter);
  PadNumber(padding, SignOf(verb, negative), GoFloatDigits(std::fabs(number), letter, verb.precision), text);
}

void AppendText(const Verb& verb, std::string_view from, std::string* text) {
  switch (verb.letter) {
    case 'x':
    case 'X':
      return AppendHex(verb, from, text);
    case 'q':
      if (verb.sharp && CanBackquote(Truncated(verb, from))) {
        return Pad(verb, absl::StrCat("`", std::string(Truncated(verb, from)), "`"), text);
      }
      return Pad(verb, GoQuoted(Truncated(verb, from), verb.plus), text);
    default:
      return Pad(verb, Truncated(verb, from), text);
  }
}

void AppendRuneOf(const Verb& verb, int64_t number, std::string* text) {
  if (verb.letter == 'U') return AppendCodePoint(verb, number, text);
  std::string rune;
  AppendRune(number < 0 || number > 0x10FFFF ? 0xFFFD : static_cast<uint32_t>(number), &rune);
  if (verb.letter == 'q') {
    rune = rune == "'" ? "\\'" : rune == "\"" ? rune : GoQuoted(rune, verb.plus);
    if (rune.size() > 2 && rune.front() == '"') rune = rune.substr(1, rune.size() - 2);
    rune = absl::StrCat("'", rune, "'");
  }
  Pad(verb, rune, text);
}

}  // namespace tailrace::ottl

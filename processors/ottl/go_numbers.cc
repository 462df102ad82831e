#include "processors/ottl/go_numbers.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/charconv.h"
#include "absl/strings/match.h"

namespace tailrace::ottl {
namespace {

bool EqualsIgnoreCase(std::string_view text, std::string_view other) {
  return absl::EqualsIgnoreCase({text.data(), text.size()}, {other.data(), other.size()});
}

std::optional<double> ParseSpecial(std::string_view text) {
  if (EqualsIgnoreCase(text, "nan")) return std::numeric_limits<double>::quiet_NaN();
  const bool sign = !text.empty() && (text[0] == '+' || text[0] == '-');
  const std::string_view name = text.substr(sign ? 1 : 0);
  if (!EqualsIgnoreCase(name, "inf") && !EqualsIgnoreCase(name, "infinity")) return {};
  return sign && text[0] == '-' ? -HUGE_VAL : HUGE_VAL;
}

// The digits of a number without sign, prefix and underscores; false where the text is none.
bool CollectDigits(std::string_view text, bool hex, std::string* digits) {
  // An underscore stands after a digit or the prefix, and before a digit.
  bool after_digit = hex;
  bool after_underscore = false;
  bool seen_digit = false;
  bool seen_point = false;
  const char exponent = hex ? 'p' : 'e';
  size_t at = 0;
  for (; at < text.size() && absl::ascii_tolower(static_cast<unsigned char>(text[at])) != exponent; ++at) {
    const char c = text[at];
    const bool digit = hex ? absl::ascii_isxdigit(static_cast<unsigned char>(c)) : (c >= '0' && c <= '9');
    if (c == '_') {
      if (!after_digit) return false;
    } else if (c == '.') {
      if (seen_point || after_underscore) return false;
      seen_point = true;
    } else if (!digit) {
      return false;
    }
    seen_digit |= digit;
    after_digit = digit;
    after_underscore = c == '_';
    if (c != '_') digits->push_back(c);
  }
  if (!seen_digit || after_underscore) return false;
  if (at == text.size()) return !hex;
  digits->push_back(exponent);
  ++at;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) digits->push_back(text[at++]);
  const size_t before = digits->size();
  after_digit = false;
  for (; at < text.size(); ++at) {
    const bool digit = text[at] >= '0' && text[at] <= '9';
    if (!digit && (text[at] != '_' || !after_digit)) return false;
    after_digit = digit;
    if (digit) digits->push_back(text[at]);
  }
  return after_digit && digits->size() > before;
}

}  // namespace

std::optional<double> ParseFloat(std::string_view text) {
  if (const std::optional<double> special = ParseSpecial(text)) return special;
  const bool sign = !text.empty() && (text[0] == '+' || text[0] == '-');
  std::string_view number = text.substr(sign ? 1 : 0);
  const bool hex = number.size() > 2 && number[0] == '0' && (number[1] == 'x' || number[1] == 'X');
  std::string digits;
  digits.reserve(number.size());
  if (!CollectDigits(number.substr(hex ? 2 : 0), hex, &digits)) return {};
  double value = 0;
  const absl::from_chars_result read = absl::from_chars(digits.data(), digits.data() + digits.size(), value,
                                                        hex ? absl::chars_format::hex : absl::chars_format::general);
  if (read.ptr != digits.data() + digits.size()) return {};
  // Too small is zero, too large an error.
  if (read.ec == std::errc::result_out_of_range && value > 1) return {};
  if (read.ec == std::errc::invalid_argument) return {};
  return sign && text[0] == '-' ? -value : value;
}

std::optional<int64_t> ParseInt(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return {};
  }
  int64_t value = 0;
  const std::from_chars_result read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return {};
  return value;
}

std::optional<bool> ParseBool(std::string_view text) {
  for (const std::string_view yes : {"1", "t", "T", "true", "TRUE", "True"}) {
    if (text == yes) return true;
  }
  for (const std::string_view no : {"0", "f", "F", "false", "FALSE", "False"}) {
    if (text == no) return false;
  }
  return {};
}

int64_t TruncateToInt(double number) {
  constexpr double kLimit = 9223372036854775808.0;
  if (!(number >= -kLimit && number < kLimit)) return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(number);
}

}  // namespace tailrace::ottl

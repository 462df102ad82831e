#include "config/values.h"

#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/charconv.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace tailrace::config {
namespace {

struct Unit {
  absl::string_view name;
  int64_t ns;
};
// Longer names first: "ms" before "m".
constexpr std::array<Unit, 8> kUnits = {{{"ns", 1},
                                         {"us", 1'000},
                                         {"\xc2\xb5s", 1'000},
                                         {"\xce\xbcs", 1'000},
                                         {"ms", 1'000'000},
                                         {"s", 1'000'000'000},
                                         {"m", 60'000'000'000},
                                         {"h", 3'600'000'000'000}}};

absl::Status BadDuration(absl::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text.substr(0, 60), "\" is not a duration; write one such as 300ms, 10s or 1h30m"));
}

// The digits at the front of `text`, taken off it.
absl::string_view TakeDigits(absl::string_view* text) {
  size_t count = 0;
  while (count < text->size() && absl::ascii_isdigit(static_cast<unsigned char>((*text)[count]))) ++count;
  const absl::string_view digits = text->substr(0, count);
  text->remove_prefix(count);
  return digits;
}

const Unit* TakeUnit(absl::string_view* text) {
  for (const Unit& unit : kUnits) {
    if (text->substr(0, unit.name.size()) != unit.name) continue;
    text->remove_prefix(unit.name.size());
    return &unit;
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<Duration> ParseDuration(absl::string_view text) {
  absl::string_view rest = text;
  const bool negative = !rest.empty() && rest[0] == '-';
  if (!rest.empty() && (rest[0] == '-' || rest[0] == '+')) rest.remove_prefix(1);
  if (rest == "0") return Duration(0);
  if (rest.empty()) return BadDuration(text);
  absl::int128 total = 0;
  while (!rest.empty()) {
    const absl::string_view whole = TakeDigits(&rest);
    absl::string_view fraction;
    if (!rest.empty() && rest[0] == '.') {
      rest.remove_prefix(1);
      fraction = TakeDigits(&rest);
    }
    if (whole.empty() && fraction.empty()) return BadDuration(text);
    if (rest.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", text.substr(0, 60), "\" has no unit; write a duration such as 300ms, 10s or 1h30m"));
    }
    const Unit* unit = TakeUnit(&rest);
    if (unit == nullptr) return BadDuration(text);
    uint64_t number = 0;
    if (!whole.empty() && !absl::SimpleAtoi(whole, &number)) return BadDuration(text);
    total += absl::int128(number) * unit->ns;
    int64_t scale = unit->ns;
    for (const char digit : fraction) {
      if ((scale /= 10) == 0) break;
      total += absl::int128(digit - '0') * scale;
    }
    if (total > std::numeric_limits<int64_t>::max()) {
      return absl::InvalidArgumentError(absl::StrCat("\"", text.substr(0, 60), "\" is too long a duration"));
    }
  }
  const auto ns = static_cast<int64_t>(total);
  return Duration(negative ? -ns : ns);
}

std::string FormatDuration(Duration duration) {
  int64_t ns = duration.count();
  if (ns < 0) return absl::StrCat("-", FormatDuration(Duration(-ns)));
  if (ns == 0) return "0s";
  if (ns % 1'000 != 0) return absl::StrCat(ns, "ns");
  if (ns % 1'000'000 != 0) return absl::StrCat(ns / 1'000, "us");
  if (ns % 1'000'000'000 != 0) return absl::StrCat(ns / 1'000'000, "ms");
  const int64_t seconds = ns / 1'000'000'000;
  std::string out;
  if (seconds >= 3600) absl::StrAppend(&out, seconds / 3600, "h");
  if (seconds / 60 % 60 != 0) absl::StrAppend(&out, seconds / 60 % 60, "m");
  if (seconds % 60 != 0) absl::StrAppend(&out, seconds % 60, "s");
  return out;
}

bool ParseInteger(absl::string_view text, absl::int128* out) {
  if (text.empty() || text.size() > 80) return false;
  std::string digits = absl::StrReplaceAll(text, {{"_", ""}});
  const bool negative = digits[0] == '-';
  if (digits[0] == '-' || digits[0] == '+') digits.erase(0, 1);
  int base = 10;
  if (digits.size() > 1 && digits[0] == '0') {
    const char mark = absl::ascii_tolower(static_cast<unsigned char>(digits[1]));
    base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
    digits.erase(0, mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1);
  }
  if (digits.empty()) return false;
  uint64_t magnitude = 0;
  for (const char c : digits) {
    const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
    const int digit = lower >= '0' && lower <= '9' ? lower - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 99;
    if (digit >= base) return false;
    if (__builtin_mul_overflow(magnitude, static_cast<uint64_t>(base), &magnitude)) return false;
    if (__builtin_add_overflow(magnitude, static_cast<uint64_t>(digit), &magnitude)) return false;
  }
  *out = negative ? -absl::int128(magnitude) : absl::int128(magnitude);
  return true;
}

bool ParseNumber(absl::string_view text, double* out) {
  if (text.empty() || text.size() > 80) return false;
  absl::string_view unsigned_text = text;
  if (unsigned_text[0] == '-' || unsigned_text[0] == '+') unsigned_text.remove_prefix(1);
  if (unsigned_text.empty() ||
      !(absl::ascii_isdigit(static_cast<unsigned char>(unsigned_text[0])) || unsigned_text[0] == '.')) {
    return false;  // "nan", "inf": no numbers here
  }
  return absl::SimpleAtod(text, out) && std::isfinite(*out);
}

std::string FormatNumber(double number) {
  // The shortest of the precisions that reads back the same.
  for (int precision = 6; precision <= 17; ++precision) {
    char buffer[40];
    std::snprintf(buffer, sizeof(buffer), "%.*g", precision, number);
    if (std::strtod(buffer, nullptr) == number) return buffer;
  }
  return absl::StrCat(number);
}

}  // namespace tailrace::config

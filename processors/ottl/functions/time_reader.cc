#include "processors/ottl/functions/time_reader.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/time/civil_time.h"

namespace tailrace::ottl {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsCapital(char c) { return c >= 'A' && c <= 'Z'; }

std::string_view WithoutSpaces(std::string_view text) {
  const size_t at = text.find_first_not_of(" \t\n\v\f\r");
  return text.substr(std::min(at, text.size()));
}

// Zone abbreviations are three or four capitals with a few exceptions, or GMT with an offset in hours.
size_t AbbreviationLength(std::string_view text) {
  size_t capitals = 0;
  while (capitals < text.size() && capitals < 6 && IsCapital(text[capitals])) ++capitals;
  if (text.starts_with("ChST") || text.starts_with("MeST")) return 4;
  if (text.starts_with("GMT")) {
    if (text.size() < 5 || (text[3] != '+' && text[3] != '-') || !IsDigit(text[4])) return 3;
    const size_t digits = text.size() > 5 && IsDigit(text[5]) ? 2 : 1;
    const int hours = digits == 2 ? (text[4] - '0') * 10 + (text[5] - '0') : text[4] - '0';
    return hours <= 23 ? 4 + digits : 3;
  }
  if (text.size() >= 3 && (text[0] == '+' || text[0] == '-') && IsDigit(text[1]) && IsDigit(text[2])) return 3;
  switch (capitals) {
    case 3:
      return 3;
    case 4:
      return text[3] == 'T' || text.starts_with("WITA") ? 4 : 0;
    case 5:
      return text[4] == 'T' ? 5 : 0;
    default:
      return 0;
  }
}

// The offset that the zone has at that time, or nearest to it, under this abbreviation.
std::optional<int32_t> OffsetNamed(const absl::TimeZone& zone, const absl::CivilSecond& civil, std::string_view name) {
  const auto around = zone.At(civil);
  if (const auto info = zone.At(around.post); name == info.zone_abbr) return info.offset;
  absl::TimeZone::CivilTransition change;
  absl::Time at = around.pre;
  if (const auto info = zone.At(at); name == info.zone_abbr) return info.offset;
  if (zone.NextTransition(at, &change)) {
    if (const auto info = zone.At(zone.At(change.to).post); name == info.zone_abbr) return info.offset;
  }
  for (int i = 0; i < 64 && zone.PrevTransition(at, &change); ++i) {
    at = zone.At(change.to).post;
    if (const auto info = zone.At(at - absl::Seconds(1)); name == info.zone_abbr) return info.offset;
  }
  return {};
}

// Of an hour that is twice or not at all, Go's choice.
int32_t OffsetOf(const absl::TimeZone& zone, int64_t as_utc_s) {
  const int32_t guess = zone.At(absl::FromUnixSeconds(as_utc_s)).offset;
  return zone.At(absl::FromUnixSeconds(as_utc_s - guess)).offset;
}

// The places of the time zone database with such names. Whatever else a text holds must not reach Abseil, which keeps
// every name that it was ever asked for.
bool IsPlace(std::string_view name) {
  constexpr absl::string_view kPlaces = "CET EET EST GMT HST MET MST PRC ROC ROK UCT WET";
  return name.size() == 3 && absl::StrContains(kPlaces, absl::string_view(name.data(), 3));
}

}  // namespace

bool TimeReader::Skip(std::string_view literal) {
  while (!literal.empty()) {
    if (literal[0] == ' ') {
      if (!rest_.empty() && rest_[0] != ' ') return false;
      literal.remove_prefix(std::min(literal.find_first_not_of(' '), literal.size()));
      rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size()));
      continue;
    }
    if (rest_.empty() || rest_[0] != literal[0]) return false;
    literal.remove_prefix(1);
    rest_.remove_prefix(1);
  }
  return true;
}

bool TimeReader::Number(int digits_max, int* number) {
  rest_ = WithoutSpaces(rest_);
  size_t digits = 0;
  *number = 0;
  while (digits < rest_.size() && digits < static_cast<size_t>(digits_max) && IsDigit(rest_[digits])) {
    *number = *number * 10 + (rest_[digits++] - '0');
  }
  rest_.remove_prefix(digits);
  return digits > 0;
}

bool TimeReader::FixedNumber(int digits, int* number) {
  rest_ = WithoutSpaces(rest_);
  const auto size = static_cast<size_t>(digits);
  if (rest_.size() < size || !std::all_of(rest_.begin(), rest_.begin() + digits, IsDigit)) return false;
  return Number(digits, number);
}

// From 1; the first `length` letters, or all where it is 0.
template <size_t kSize>
bool TimeReader::Name(const std::array<std::string_view, kSize>& names, size_t length, int* number) {
  for (size_t i = 0; i < kSize; ++i) {
    const std::string_view name = length == 0 ? names[i] : names[i].substr(0, length);
    if (!absl::StartsWithIgnoreCase({rest_.data(), rest_.size()}, {name.data(), name.size()})) continue;
    rest_.remove_prefix(name.size());
    *number = static_cast<int>(i) + 1;
    return true;
  }
  return false;
}

bool TimeReader::HalfOfDay(bool capitals) {
  if (rest_.starts_with(capitals ? "PM" : "pm")) {
    afternoon_ = true;
  } else if (rest_.starts_with(capitals ? "AM" : "am")) {
    afternoon_ = false;
  } else {
    return false;
  }
  rest_.remove_prefix(2);
  return true;
}

bool TimeReader::Fraction() {
  if (rest_.size() < 2 || (rest_[0] != '.' && rest_[0] != ',') || !IsDigit(rest_[1])) return true;
  int64_t ns = 0;
  size_t at = 1;
  int places = 0;
  for (; at < rest_.size() && IsDigit(rest_[at]); ++at) {
    if (places < 9) {
      ns = ns * 10 + (rest_[at] - '0');
      ++places;
    }
  }
  for (; places < 9; ++places) ns *= 10;
  ns_ = static_cast<int32_t>(ns);
  rest_.remove_prefix(at);
  return true;
}

bool TimeReader::Seconds(bool fraction_follows) {
  if (!Number(2, &second_) || second_ > 59) return false;
  return fraction_follows || Fraction();
}

bool TimeReader::ZoneAbbreviation() {
  if (rest_.starts_with("UTC")) {
    offset_s_ = 0;
    zone_name_ = "UTC";
    rest_.remove_prefix(3);
    return true;
  }
  const size_t length = AbbreviationLength(rest_);
  if (length == 0) return false;
  zone_name_ = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return true;
}

// +hh, +hhmm, +hh:mm, +hhmmss, +hh:mm:ss: as many parts as there are, within the bounds.
bool TimeReader::Offset(bool colons, int parts_min, int parts_max, bool zulu) {
  if (zulu && rest_.starts_with('Z')) {
    rest_.remove_prefix(1);
    offset_s_ = 0;
    zone_name_ = "UTC";
    return true;
  }
  if (rest_.empty() || (rest_[0] != '+' && rest_[0] != '-')) return false;
  const bool negative = rest_[0] == '-';
  std::string_view left = rest_.substr(1);
  int numbers[3] = {};
  int parts = 0;
  for (; parts < parts_max; ++parts) {
    std::string_view next = left;
    if (parts > 0 && colons) {
      if (!next.starts_with(':')) break;
      next.remove_prefix(1);
    }
    if (next.size() < 2 || !IsDigit(next[0]) || !IsDigit(next[1])) break;
    numbers[parts] = (next[0] - '0') * 10 + (next[1] - '0');
    left = next.substr(2);
  }
  if (parts < parts_min || numbers[0] > 24 || numbers[1] > 60 || numbers[2] > 60) return false;
  const int32_t seconds = (numbers[0] * 60 + numbers[1]) * 60 + numbers[2];
  offset_s_ = negative ? -seconds : seconds;
  rest_ = left;
  return true;
}

bool TimeReader::Read(char directive, bool fraction_follows) {
  int ignored = 0;
  switch (directive) {
    case 'Y':
      return FixedNumber(4, &year_);
    case 'E':
      if (FixedNumber(4, &year_)) return true;
      [[fallthrough]];
    case 'y':
      if (!FixedNumber(2, &year_)) return false;
      year_ += year_ >= 69 ? 1900 : 2000;
      return true;
    case 'm':
    case 'o':
    case 'q':
      return Number(2, &month_) && month_ >= 1 && month_ <= 12;
    case 'b':
    case 'h':
      return Name(kMonths, 3, &month_);
    case 'B':
      return Name(kMonths, 0, &month_);
    case 'd':
    case 'e':
    case 'g':
      return Number(2, &day_);
    case 'a':
      return Name(kWeekdays, 3, &ignored);
    case 'A':
      return Name(kWeekdays, 0, &ignored);
    case 'H':
      return Number(2, &hour_) && hour_ < 24;
    case 'l':
    case 'I':
      return Number(2, &hour_) && hour_ <= 12;
    case 'p':
    case 'P':
      return HalfOfDay(directive == 'p');
    case 'M':
      return Number(2, &minute_) && minute_ < 60;
    case 'S':
      return Seconds(fraction_follows);
    case 'L':
    case 'f':
    case 's':
      return Fraction();
    case 'Z':
      return ZoneAbbreviation();
    case 'z':
      return Offset(false, 2, 2, true) || Offset(true, 2, 2, true) || Offset(false, 1, 1, true);
    case 'w':
      return Offset(false, 3, 3, false);
    case 'i':
      return Offset(false, 1, 1, false);
    case 'j':
      return Offset(true, 2, 2, false);
    default:
      return Offset(true, 3, 3, false);
  }
}

bool TimeReader::Finish(const absl::TimeZone& zone, Arena* arena, Time* time) const {
  if (!rest_.empty()) return false;
  int hour = hour_;
  if (afternoon_ == true && hour < 12) hour += 12;
  if (afternoon_ == false && hour == 12) hour = 0;
  const absl::CivilDay day(year_, month_, day_);
  if (day_ < 1 || day.month() != month_) return false;
  const absl::CivilSecond civil(year_, month_, day_, hour, minute_, second_);
  absl::TimeZone in = zone;
  int32_t shown_s = 0;  // of GMT+3: only how it is written
  bool only_name = false;
  auto offset_s = offset_s_;
  if (!offset_s.has_value() && !zone_name_.empty()) {
    // The location's own abbreviation, GMT with hours, or a place's name, which need not be an abbreviation there.
    offset_s = OffsetNamed(zone, civil, zone_name_);
    if (!offset_s.has_value()) {
      if (zone_name_.size() > 3 && zone_name_.starts_with("GMT")) {
        shown_s = std::atoi(zone_name_.c_str() + 3) * 3600;
      } else if (!IsPlace(zone_name_) || !absl::LoadTimeZone(zone_name_, &in)) {
        return false;
      } else {
        offset_s = OffsetNamed(in, civil, zone_name_);
      }
      only_name = !offset_s.has_value();
    }
  }
  if (only_name) in = absl::UTCTimeZone();
  const int64_t as_utc_s = absl::ToUnixSeconds(absl::FromCivil(civil, absl::UTCTimeZone()));
  const int64_t unix_s = as_utc_s - (offset_s.has_value() ? *offset_s : OffsetOf(in, as_utc_s));
  *time = {.unix_s = unix_s, .ns = ns_};
  const auto info = in.At(absl::FromUnixSeconds(unix_s));
  time->offset_s = only_name ? shown_s : offset_s_.value_or(info.offset);
  const bool named = !offset_s_.has_value() || (*offset_s_ == info.offset && zone_name_.empty());
  std::string_view name = named ? std::string_view(info.zone_abbr) : std::string_view();
  if (only_name) name = zone_name_;
  if (name.empty() || name == "UTC") return true;
  const std::string_view copy = arena->Copy(std::string(name) + '\0');
  time->zone = copy.data();
  return copy.data() != nullptr;
}

}  // namespace tailrace::ottl

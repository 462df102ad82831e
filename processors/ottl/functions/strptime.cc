#include "processors/ottl/functions/strptime.h"

#include <algorithm>

#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "processors/ottl/civil.h"
#include "processors/ottl/functions/time_reader.h"

namespace tailrace::ottl {
namespace {

constexpr std::string_view kDirectives = "YymoqbhBdegaAHlIpPMSLfsZzwijkDxFTXrRntc%";

// What some directives are short for.
std::string_view LongForm(char directive) {
  switch (directive) {
    case 'D':
    case 'x':
      return "%m/%d/%Y";
    case 'F':
      return "%Y-%m-%d";
    case 'T':
    case 'X':
      return "%H:%M:%S";
    case 'r':
      return "%I:%M:%S %P";
    case 'R':
      return "%H:%M";
    case 'c':
      return "%a %b %d %H:%M:%S %Y";
    default:
      return {};
  }
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// "+05:30" and the like; `style` as the directive.
std::string ZoneOffset(const Time& time, char style) {
  const int32_t seconds = std::abs(time.offset_s);
  const char sign = time.offset_s < 0 ? '-' : '+';
  const int32_t hours = seconds / 3600;
  const int32_t minutes = seconds / 60 % 60;
  switch (style) {
    case 'z':
      return time.offset_s == 0 ? "Z" : absl::StrFormat("%c%02d%02d", sign, hours, minutes);
    case 'w':
      return absl::StrFormat("%c%02d%02d%02d", sign, hours, minutes, seconds % 60);
    case 'i':
      return absl::StrFormat("%c%02d", sign, hours);
    case 'j':
      return absl::StrFormat("%c%02d:%02d", sign, hours, minutes);
    default:
      return absl::StrFormat("%c%02d:%02d:%02d", sign, hours, minutes, seconds % 60);
  }
}

std::string ZoneName(const Time& time) {
  if (time.zone != nullptr && time.zone[0] != '\0') return time.zone;
  if (time.offset_s == 0) return "UTC";
  return absl::StrFormat("%c%02d%02d", time.offset_s < 0 ? '-' : '+', std::abs(time.offset_s) / 3600,
                         std::abs(time.offset_s) / 60 % 60);
}

// At most `digits` of them, without zeros at the end.
std::string Fraction(int32_t ns, size_t digits) {
  std::string text = absl::StrFormat("%09d", ns).substr(0, digits);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

template <typename... Values>
void Put(std::string* text, const absl::FormatSpec<Values...>& format, const Values&... values) {
  absl::StrAppendFormat(text, format, values...);
}

void WriteDirective(char directive, const Time& time, const absl::CivilSecond& civil, std::string* text) {
  const int hour12 = civil.hour() % 12 == 0 ? 12 : civil.hour() % 12;
  const auto weekday = static_cast<size_t>((static_cast<int>(absl::GetWeekday(civil)) + 1) % 7);
  const auto month = static_cast<size_t>(civil.month() - 1);
  switch (directive) {
    case 'Y':
      return Put(text, "%04d", civil.year());
    case 'y':
      return Put(text, "%02d", civil.year() % 100);
    case 'm':
      return Put(text, "%02d", civil.month());
    case 'o':
      return Put(text, "_%d", civil.month());
    case 'q':
      return Put(text, "%d", civil.month());
    case 'b':
    case 'h':
      return absl::StrAppend(text, std::string(kMonths[month].substr(0, 3)));
    case 'B':
      return absl::StrAppend(text, std::string(kMonths[month]));
    case 'd':
      return Put(text, "%02d", civil.day());
    case 'e':
      return Put(text, "%2d", civil.day());
    case 'g':
      return Put(text, "%d", civil.day());
    case 'a':
      return absl::StrAppend(text, std::string(kWeekdays[weekday].substr(0, 3)));
    case 'A':
      return absl::StrAppend(text, std::string(kWeekdays[weekday]));
    case 'H':
      return Put(text, "%02d", civil.hour());
    case 'l':
      return Put(text, "%d", hour12);
    case 'I':
      return Put(text, "%02d", hour12);
    case 'p':
      return absl::StrAppend(text, civil.hour() < 12 ? "AM" : "PM");
    case 'P':
      return absl::StrAppend(text, civil.hour() < 12 ? "am" : "pm");
    case 'M':
      return Put(text, "%02d", civil.minute());
    case 'S':
      return Put(text, "%02d", civil.second());
    case 'L':
    case 'f':
    case 's': {
      const std::string fraction = Fraction(time.ns, directive == 'L' ? 3 : directive == 'f' ? 6 : 9);
      // The point before it goes with it.
      if (fraction.empty() && !text->empty()) text->pop_back();
      return absl::StrAppend(text, fraction);
    }
    case 'Z':
      return absl::StrAppend(text, ZoneName(time));
    default:
      return absl::StrAppend(text, ZoneOffset(time, directive));
  }
}

}  // namespace

absl::StatusOr<TimeFormat> TimeFormat::Parse(std::string_view format) {
  if (format.empty()) return absl::InvalidArgumentError("format cannot be nil");
  if (std::any_of(format.begin(), format.end(), IsDigit)) {
    return absl::InvalidArgumentError("format string should not contain decimals");
  }
  TimeFormat parsed;
  const auto literal = [&parsed](char c) {
    if (parsed.parts_.empty() || parsed.parts_.back().directive != '\0') parsed.parts_.emplace_back();
    parsed.parts_.back().text.push_back(c);
  };
  for (size_t at = 0; at < format.size(); ++at) {
    if (format[at] != '%' || at + 1 == format.size() || format[at + 1] == '\n') {
      literal(format[at]);
      continue;
    }
    const char directive = format[++at];
    if (kDirectives.find(directive) == std::string_view::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat("invalid strptime format: unsupported directive: %", absl::string_view(&directive, 1)));
    }
    const bool fraction = directive == 'L' || directive == 'f' || directive == 's';
    if (fraction && at >= 2 && format[at - 2] != '.' && format[at - 2] != ',') {
      return absl::InvalidArgumentError(absl::StrCat("invalid fractional seconds directive: '",
                                                     std::string(format.substr(at - 2, 3)),
                                                     "'. must be preceded with '.' or ','"));
    }
    if (directive == 'n' || directive == 't' || directive == '%') {
      literal(directive == 'n' ? '\n' : directive == 't' ? '\t' : '%');
    } else if (const std::string_view longer = LongForm(directive); !longer.empty()) {
      TimeFormat within = *Parse(longer);
      for (Part& part : within.parts_) {
        // A two-digit year will do where the year is the end of %D and %x.
        if (part.directive == 'Y' && (directive == 'D' || directive == 'x')) part.directive = 'E';
        parsed.parts_.push_back(std::move(part));
      }
    } else {
      parsed.parts_.push_back({directive, {}});
    }
  }
  return parsed;
}

bool TimeFormat::has_year() const {
  return std::any_of(parts_.begin(), parts_.end(), [](const Part& part) {
    return part.directive == 'Y' || part.directive == 'y' || part.directive == 'E';
  });
}

bool TimeFormat::Read(std::string_view text, const absl::TimeZone& zone, Arena* arena, Time* time) const {
  TimeReader reader(text);
  for (size_t i = 0; i < parts_.size(); ++i) {
    const Part& part = parts_[i];
    if (part.directive != '\0') {
      // A fraction that the format does not ask for may follow the seconds.
      const bool fraction_follows =
          i + 2 < parts_.size() &&
          (parts_[i + 2].directive == 'L' || parts_[i + 2].directive == 'f' || parts_[i + 2].directive == 's');
      if (!reader.Read(part.directive, fraction_follows)) return false;
      continue;
    }
    const bool before_fraction =
        i + 1 < parts_.size() &&
        (parts_[i + 1].directive == 'L' || parts_[i + 1].directive == 'f' || parts_[i + 1].directive == 's');
    // The point before a fraction is part of it.
    std::string_view literal = part.text;
    if (before_fraction) literal.remove_suffix(1);
    if (!reader.Skip(literal)) return false;
  }
  return reader.Finish(zone, arena, time);
}

std::string TimeFormat::Write(const Time& time) const {
  const absl::CivilSecond civil = Civil(time);
  std::string text;
  for (const Part& part : parts_) {
    if (part.directive == '\0') {
      text.append(part.text);
    } else {
      WriteDirective(part.directive == 'E' ? 'Y' : part.directive, time, civil, &text);
    }
  }
  return text;
}

}  // namespace tailrace::ottl

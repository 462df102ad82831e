// TimeReader: a time's text, read directive by directive. One use.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "processors/ottl/arena.h"
#include "processors/ottl/value.h"

namespace tailrace::ottl {

inline constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                             "May",       "June",     "July",     "August",
                                                             "September", "October",  "November", "December"};
inline constexpr std::array<std::string_view, 7> kWeekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                              "Thursday", "Friday", "Saturday"};

class TimeReader {
 public:
  explicit TimeReader(std::string_view text) : rest_(text) {}

  // Literal text; a space stands for any number of them.
  bool Skip(std::string_view literal);
  // `fraction_follows`: after seconds, the format itself reads their fraction.
  bool Read(char directive, bool fraction_follows);
  // At the end of the text: the time that it names.
  bool Finish(const absl::TimeZone& zone, Arena* arena, Time* time) const;

 private:
  bool Number(int digits_max, int* number);
  bool FixedNumber(int digits, int* number);
  template <size_t kSize>
  bool Name(const std::array<std::string_view, kSize>& names, size_t length, int* number);
  bool HalfOfDay(bool capitals);
  bool Seconds(bool fraction_follows);
  bool Fraction();
  bool ZoneAbbreviation();
  bool Offset(bool colons, int parts_min, int parts_max, bool zulu);

  std::string_view rest_;
  int year_ = 0;
  int month_ = 1;
  int day_ = 1;
  int hour_ = 0;
  int minute_ = 0;
  int second_ = 0;
  int32_t ns_ = 0;
  std::optional<bool> afternoon_;
  std::optional<int32_t> offset_s_;
  std::string zone_name_;
};

}  // namespace tailrace::ottl

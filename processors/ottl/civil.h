// A Time on the calendar of its own zone, and its place among all times.
#pragma once

#include <cstdint>

#include "absl/time/civil_time.h"
#include "processors/ottl/value.h"

namespace tailrace::ottl {

// Seconds from the first day of year 1, which is how Go holds a time: beyond int64's range they wrap.
inline int64_t SecondsFromYearOne(const Time& time) {
  return static_cast<int64_t>(static_cast<uint64_t>(time.unix_s) + 62135596800);
}

// Go counts days from a year far in the past, in 64 bits without sign; times beyond that wrap to their other end.
inline absl::CivilSecond Civil(const Time& time) {
  constexpr int64_t kYears = 292277022400;
  constexpr int64_t kDaysBeforeYearOne = kYears / 400 * 146097 + 306;  // to a first of March
  constexpr int64_t kDaysToUnix = kDaysBeforeYearOne + 719162;
  constexpr uint64_t kSecondsToUnix = static_cast<uint64_t>(kDaysToUnix) * 86400;
  const uint64_t seconds =
      static_cast<uint64_t>(time.unix_s) + static_cast<uint64_t>(int64_t{time.offset_s}) + kSecondsToUnix;
  const absl::CivilDay day = absl::CivilDay(1970, 1, 1) - kDaysToUnix + static_cast<int64_t>(seconds / 86400);
  return absl::CivilSecond(day) + static_cast<int64_t>(seconds % 86400);
}

}  // namespace tailrace::ottl

// A Time on the calendar of its own zone.
#pragma once

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "processors/ottl/value.h"

namespace tailrace::ottl {

// Times beyond the calendar's range are its end.
inline absl::CivilSecond Civil(const Time& time) {
  return absl::ToCivilSecond(absl::FromUnixSeconds(time.unix_s) + absl::Seconds(time.offset_s), absl::UTCTimeZone());
}

}  // namespace tailrace::ottl

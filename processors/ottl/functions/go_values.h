// Single values in Go's spelling: quoted text, durations, times, floating-point digits. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "processors/ottl/value.h"

namespace tailrace::ottl {

// strconv.Quote, with `ascii` strconv.QuoteToASCII.
std::string GoQuoted(std::string_view text, bool ascii);
// "1h2m3.5s", "1.5ms", "0s"
std::string GoDuration(int64_t ns);
// "1970-01-01 00:00:05.0000012 +0000 UTC"
std::string GoTime(const Time& time);
// Of a number that is finite and not negative, as %f %F %e %E %g %G write it;
// without a precision: six digits after the point for %f and %e, as many as are needed else.
std::string GoFloatDigits(double number, char verb, std::optional<int> precision);
// %T
std::string GoTypeName(const Value& value);

}  // namespace tailrace::ottl

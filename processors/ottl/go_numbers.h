// Text to numbers and back by Go's rules, which are the Collector's. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tailrace::ottl {

// Go's strconv.ParseFloat: decimal and hexadecimal, underscores between digits, "inf" and "nan" in any case. Empty
// where it fails: a range error too.
std::optional<double> ParseFloat(std::string_view text);
// Go's strconv.ParseInt in base 10.
std::optional<int64_t> ParseInt(std::string_view text);
// Go's strconv.ParseBool.
std::optional<bool> ParseBool(std::string_view text);
// int64(number): what the Collector's machines make of one out of range, and of NaN, is the smallest int64.
int64_t TruncateToInt(double number);

}  // namespace tailrace::ottl

// Numbers on a test program's command line.
#pragma once

#include <charconv>
#include <cstdint>
#include <string_view>
#include <system_error>

namespace tailrace::testing {

// Whether `argument` is `flag` ("--seed=") and a number; then `*value` is the number.
inline bool ReadFlag(std::string_view argument, std::string_view flag, uint64_t* value) {
  if (!argument.starts_with(flag)) return false;
  const char* end = argument.data() + argument.size();
  const std::from_chars_result read = std::from_chars(argument.data() + flag.size(), end, *value);
  return read.ec == std::errc() && read.ptr == end;
}

}  // namespace tailrace::testing

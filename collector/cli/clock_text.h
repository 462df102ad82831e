// Moments for people, in the local time zone. Any thread.
#pragma once

#include <cstdint>
#include <string>

namespace tailrace {

// "13:05:07"
std::string TimeOfDay(uint64_t unix_ms);
// "2026-11-27 13:05:07"
std::string DateAndTime(uint64_t unix_ms);

}  // namespace tailrace

// Numbers for people. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>

namespace tailrace {

// "1.24s", "812.4ms", "35us", "7ns".
std::string DurationText(uint64_t ns);
// "12", "9.8", "1.2k", "3.4M", "5.6G"; what is not finite, "-".
std::string CountText(double count);
// "512 B", "1.5 KiB", "312 MiB", "4.0 GiB".
std::string BytesText(double bytes);
// Of 0 to 1: "9.8%", "100%".
std::string ShareText(double share);
// "3d 4h", "2h 3m", "5m 7s", "12s".
std::string UptimeText(uint64_t seconds);

}  // namespace tailrace

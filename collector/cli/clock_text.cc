#include "collector/cli/clock_text.h"

#include <ctime>

namespace tailrace {
namespace {

std::string Format(const char* format, uint64_t unix_ms) {
  const std::time_t seconds = static_cast<std::time_t>(unix_ms / 1000);
  std::tm parts{};
  if (localtime_r(&seconds, &parts) == nullptr) return "?";
  char text[64];
  return std::string(text, std::strftime(text, sizeof(text), format, &parts));
}

}  // namespace

std::string TimeOfDay(uint64_t unix_ms) { return Format("%H:%M:%S", unix_ms); }
std::string DateAndTime(uint64_t unix_ms) { return Format("%Y-%m-%d %H:%M:%S", unix_ms); }

}  // namespace tailrace

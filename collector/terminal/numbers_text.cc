#include "collector/terminal/numbers_text.h"

#include <cmath>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace tailrace {
namespace {

// With one digit behind the point where that says something.
std::string Short(double value) {
  const bool whole = value >= 100 || value == std::floor(value);
  return whole ? absl::StrFormat("%.0f", value) : absl::StrFormat("%.1f", value);
}

}  // namespace

std::string DurationText(uint64_t ns) {
  const double value = static_cast<double>(ns);
  if (ns >= 1000000000) return absl::StrFormat("%.2fs", value / 1e9);
  if (ns >= 1000000) return absl::StrFormat("%.1fms", value / 1e6);
  if (ns >= 1000) return absl::StrFormat("%.0fus", value / 1e3);
  return absl::StrCat(ns, "ns");
}

// The units change where the rounded number would have a digit too many: 999.7 is 1.0k.
std::string CountText(double count) {
  if (!std::isfinite(count)) return "-";
  if (count < 0) return "-" + CountText(-count);
  static constexpr const char* kUnits[] = {"", "k", "M", "G", "T"};
  size_t unit = 0;
  for (; count >= 999.5 && unit + 1 < std::size(kUnits); ++unit) count /= 1000;
  return Short(count) + kUnits[unit];
}

std::string BytesText(double bytes) {
  if (!std::isfinite(bytes) || bytes < 0) return "-";
  static constexpr const char* kUnits[] = {" B", " KiB", " MiB", " GiB", " TiB"};
  size_t unit = 0;
  for (; bytes >= 1023.5 && unit + 1 < std::size(kUnits); ++unit) bytes /= 1024;
  return Short(bytes) + kUnits[unit];
}

std::string ShareText(double share) { return std::isfinite(share) ? Short(share * 100) + "%" : "-"; }

std::string UptimeText(uint64_t seconds) {
  if (seconds >= 86400) return absl::StrCat(seconds / 86400, "d ", seconds / 3600 % 24, "h");
  if (seconds >= 3600) return absl::StrCat(seconds / 3600, "h ", seconds / 60 % 60, "m");
  if (seconds >= 60) return absl::StrCat(seconds / 60, "m ", seconds % 60, "s");
  return absl::StrCat(seconds, "s");
}

}  // namespace tailrace

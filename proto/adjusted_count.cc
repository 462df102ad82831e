#include "proto/adjusted_count.h"

#include "proto/wire_reader.h"

namespace tailrace {
namespace {

constexpr uint64_t kWhole = uint64_t{1} << 56;
constexpr size_t kDigitsMax = 14;

// What follows `start` in the first part of `list` that begins with it.
std::string_view PartWith(std::string_view start, char separator, std::string_view list) {
  while (!list.empty()) {
    const size_t end = list.find(separator);
    std::string_view part = list.substr(0, end);
    while (!part.empty() && (part.front() == ' ' || part.front() == '\t')) part.remove_prefix(1);
    if (part.starts_with(start)) return part.substr(start.size());
    if (end == std::string_view::npos) break;
    list.remove_prefix(end + 1);
  }
  return {};
}

}  // namespace

uint64_t SamplingThreshold(std::string_view trace_state) {
  std::string_view digits = PartWith("th:", ';', PartWith("ot=", ',', trace_state));
  while (!digits.empty() && (digits.back() == ' ' || digits.back() == '\t')) digits.remove_suffix(1);
  if (digits.empty() || digits.size() > kDigitsMax) return 0;
  uint64_t threshold = 0;
  for (const char c : digits) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && (c < 'a' || c > 'f')) return 0;
    threshold = threshold << 4 | static_cast<uint64_t>(digit ? c - '0' : c - 'a' + 10);
  }
  return threshold << 4 * (kDigitsMax - digits.size());
}

uint64_t AdjustedCount(uint64_t threshold, uint64_t random) {
  const uint64_t left = kWhole - threshold;
  const uint64_t remainder = kWhole % left;
  return kWhole / left + (random % left < remainder ? 1 : 0);
}

std::string_view TraceStateOf(std::string_view span) {
  std::string_view trace_state;
  WireReader reader(span);
  while (reader.Next()) {
    if (reader.tag() == WireTag(3, kLengthDelimited)) {
      trace_state = reader.Bytes();
    } else {
      reader.Skip();
    }
  }
  return trace_state;
}

}  // namespace tailrace

// What the load generator says: the progress line, and the result as JSON. Pure.
#pragma once

#include <string>
#include <vector>

#include "collector/load/load_counters.h"
#include "collector/load/load_options.h"

namespace tailrace {

// The sum of all threads' counters at one moment.
struct LoadTotals {
  uint64_t requests = 0, request_bytes = 0, sent_spans = 0, acknowledged_spans = 0, rejected_spans = 0,
           refused_spans = 0, failed_spans = 0, lost_spans = 0, acknowledged_requests = 0, refused_requests = 0,
           failed_requests = 0, lost_requests = 0, retries = 0, connection_errors = 0;
  std::array<uint64_t, kTraceClasses> whole_traces{}, partial_traces{};
  LatencyCounts latency{};
};

LoadTotals Sum(const std::vector<const LoadCounters*>& counters);

// Milliseconds that `share` (0 to 1) of the acknowledgements in `now` but not in `before` did not exceed; 0 without
// any.
double LatencyMs(const LatencyCounts& now, const LatencyCounts& before, double share);

std::string ProgressLine(const LoadTotals& now, const LoadTotals& before, double seconds);
// The same for programs: totals since the start, `seconds` ago.
std::string ProgressJson(const LoadTotals& totals, double seconds);
std::string ResultJson(const LoadTotals& totals, const LoadOptions& options, double duration_s, double cpu_s);

}  // namespace tailrace

// Exemplars: spans of kept traces as examples of what a series counts, so that a dashboard leads from a bucket to a
// trace that the backend has. They are looked for when somebody asks, in the newest kept traces; nothing is noted of
// spans as they arrive.
//
// Values and a pure function.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "collector/spanmetrics/series_registry.h"

namespace tailrace {

struct SpanMetricsPlan;

struct KeptTrace {
  std::string spans;    // an ExportTraceServiceRequest
  int64_t unix_ms = 0;  // of the decision
};

struct Exemplar {
  std::string trace_id;  // hex digits, as the next
  std::string span_id;
  uint64_t duration_ns = 0;
  size_t bucket = 0;    // of the histogram
  int64_t unix_ms = 0;  // when its trace was kept
};

// By the series' ids in its registry, one at least. Of one bucket there is one at most, the newest.
using Exemplars = absl::flat_hash_map<uint32_t, std::vector<Exemplar>>;

// Those of the series that are known, exemplars_max of each at most.
Exemplars FindExemplars(const SpanMetricsPlan& plan, const SeriesRegistry& registry,
                        std::span<const KeptTrace> newest_first);

}  // namespace tailrace

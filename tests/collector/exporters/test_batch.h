// Batches for the exporters' tests, and the one equation that must hold for every exporter at every moment.
#pragma once

#include <memory>
#include <numeric>
#include <string>

#include "collector/exporters/exporter.h"
#include "tests/support/otlp_builder.h"

namespace tailrace::testing {

// `spans` spans of one trace with id `trace`.
inline ExportBatch TestBatch(uint64_t trace, uint32_t spans) {
  OtlpRequest request;
  request.Service("cart");
  for (uint32_t i = 1; i <= spans; ++i) request.Span(OtlpSpan(trace, i, "GET /").Times(1, 2));
  return {std::make_shared<const std::string>(request.Bytes()), spans, 1};
}

inline uint64_t DroppedSpans(const ExporterStats& stats) {
  return std::accumulate(stats.dropped_spans.begin(), stats.dropped_spans.end(), uint64_t{0});
}
inline uint64_t Dropped(const ExporterStats& stats, DropReason reason) {
  return stats.dropped_spans[static_cast<size_t>(reason)];
}
inline bool Balanced(const ExporterStats& stats) {
  return stats.received_spans + stats.recovered_spans ==
         stats.forwarded_spans + DroppedSpans(stats) + stats.queued_spans + stats.in_flight_spans;
}
inline std::chrono::steady_clock::time_point In(std::chrono::nanoseconds time) {
  return std::chrono::steady_clock::now() + time;
}

}  // namespace tailrace::testing

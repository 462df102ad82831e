// Requests of made-up spans for micro-benchmarks: those of the load generator, always with the same ids and times.
//
// Values; whoever makes one owns it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "collector/load/request_template.h"
#include "collector/shard/runs_view.h"
#include "proto/request_scanner.h"

namespace tailrace {

// By default a hundred spans: five whole traces of twenty, through four services.
struct RequestShape {
  uint32_t span_bytes = 456;
  uint32_t service_begin = 0;  // spans of the services [begin, end) are in it
  uint32_t service_end = 4;
  uint32_t first_trace = 0;  // traces are numbered
  uint32_t traces = 5;
  TraceClass (*class_of)(uint32_t trace) = nullptr;  // null: all are normal
};
inline constexpr uint32_t kMadeSpansPerTrace = 20;
// A hundred spans as well: one service's pieces of twenty traces.
inline constexpr RequestShape kMadePieces{.service_end = 1, .traces = 20};

RequestTemplate MakeRequest(const RequestShape& shape);

// A request as a shard takes it in: scanned, its trace ids hashed.
struct ArrivedRequest {
  explicit ArrivedRequest(const RequestShape& shape, ScanLimits limits = {});
  RunsView View() const { return {bytes, &scanned.headers, &scanned.gathered, scanned.runs, hashes}; }

  std::string bytes;
  ScannedRequest scanned;
  std::vector<uint64_t> hashes;  // by run
};

}  // namespace tailrace

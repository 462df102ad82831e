// A batch taken in two, and how often that may be done to find what in it a backend refuses. Pure.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "collector/exporters/exporter.h"
#include "proto/request_split.h"

namespace tailrace {

// At least two spans. How many traces are in each half is not known: a trace that is in both counts in both.
inline std::vector<ExportBatch> CutInTwo(const ExportBatch& batch) {
  RequestHalves halves = SplitInTwo(*batch.payload);
  const auto traces = [&batch](uint32_t spans) { return std::min(batch.traces, spans); };
  std::vector<ExportBatch> pieces;
  pieces.push_back({.payload = std::make_shared<const std::string>(std::move(halves.first)),
                    .spans = halves.first_spans,
                    .traces = traces(halves.first_spans),
                    .hops = batch.hops});
  pieces.push_back({.payload = std::make_shared<const std::string>(std::move(halves.second)),
                    .spans = halves.second_spans,
                    .traces = traces(halves.second_spans),
                    .hops = batch.hops});
  return pieces;
}

// Enough to find a few bad spans in a batch of `spans`.
inline uint32_t CutsFor(uint32_t spans) { return 4 * static_cast<uint32_t>(std::bit_width(spans)); }

}  // namespace tailrace

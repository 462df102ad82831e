// RunsView: the runs of one scanned request that a shard places, with the hashes of their trace ids.
#pragma once

#include <cstdint>
#include <span>

#include "proto/scanned_runs.h"

namespace tailrace {

struct RunsView : ScannedRuns {
  std::span<const uint64_t> hashes;  // by the shard's hasher
};

inline uint64_t SpansOf(std::span<const SpanRun> runs) {
  uint64_t spans = 0;
  for (const SpanRun& run : runs) spans += run.span_count;
  return spans;
}

}  // namespace tailrace

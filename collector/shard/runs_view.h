// RunsView: the runs of one scanned request that a shard places, with the hashes of their trace ids.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

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

// Copies the chosen runs, with their hashes, into `picked` and `picked_hashes`, in place of what is there.
inline void PickRuns(std::span<const SpanRun> runs, std::span<const uint64_t> hashes, std::span<const uint32_t> chosen,
                     std::vector<SpanRun>* picked, std::vector<uint64_t>* picked_hashes) {
  picked->clear();
  picked_hashes->clear();
  for (const uint32_t i : chosen) {
    picked->push_back(runs[i]);
    picked_hashes->push_back(hashes[i]);
  }
}

}  // namespace tailrace

// RunsView: the runs of one scanned request that a shard places, with the hashes of their trace ids.
#pragma once

#include <cstdint>
#include <span>

#include "proto/scanned_runs.h"

namespace tailrace {

struct RunsView : ScannedRuns {
  std::span<const uint64_t> hashes;  // by the shard's hasher
};

}  // namespace tailrace

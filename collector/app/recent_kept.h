// What was kept lately, with its spans, out of the journals of all shards: for whoever wants examples.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/clock.h"
#include "collector/shard/shard.h"
#include "collector/spanmetrics/exemplars.h"
#include "config/model.h"

namespace tailrace {

// Newest first; of each shard and pipeline a few thousand traces and about 2 MiB at most, looked for in short turns. Not
// on a shard's thread; the shards run.
std::vector<KeptTrace> RecentKept(const config::Config& config, std::span<const std::unique_ptr<Shard>> shards,
                                  const Clock& clock);

}  // namespace tailrace

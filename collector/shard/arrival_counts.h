// ArrivalCounts: what a shard counts of every span at its arrival, before any sampling: the spanmetrics connectors of
// the pipelines that a receiver feeds, and the baselines.
//
// Single-writer: the shard's thread. Counts requests that were taken, each on the shard that received it, whole.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "collector/baselines/baseline_table.h"
#include "proto/request_scanner.h"

namespace tailrace {

class SpanCounter;

class ArrivalCounts {
 public:
  // Most requests have fewer spans; those of larger ones are read twice.
  static constexpr uint32_t kBriefsMax = 16384;

  struct Options {
    std::vector<std::vector<SpanCounter*>> connectors;  // receiver -> the counters that its spans go to
    BaselineTable::Options baselines;
    uint32_t briefs_max = kBriefsMax;  // see MemoryPlan
  };
  explicit ArrivalCounts(const Options& options)
      : connectors_(options.connectors), briefs_max_(options.briefs_max), baselines_(options.baselines) {}

  // How many briefs the scanner should take along for a request that comes in now.
  uint32_t BriefsWanted(uint32_t receiver, int64_t now_ns) {
    const bool baselines = baselines_.Wants(now_ns);
    const bool connectors = receiver < connectors_.size() && !connectors_[receiver].empty();
    return baselines || connectors ? briefs_max_ : 0;
  }
  // The request for which that was asked has been taken.
  void Count(std::string_view request, const ScannedRequest& scanned, uint32_t receiver, int64_t now_ns);

  const BaselineTable& baselines() const { return baselines_; }

 private:
  const std::vector<std::vector<SpanCounter*>> connectors_;
  const uint32_t briefs_max_;
  BaselineTable baselines_;
};

}  // namespace tailrace

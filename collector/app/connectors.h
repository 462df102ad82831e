// Connectors: the daemon's spanmetrics connectors, and the prometheus exporters that show them, each on a port of its
// own.
//
// Ownership: built and started by the main thread before the shards start, stopped by it after they have stopped
// counting. A scrape runs on its exporter's thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/clock.h"
#include "collector/access/access_keeper.h"
#include "collector/admin/http_server.h"
#include "collector/shard/arrival_counts.h"
#include "collector/shard/memory_plan.h"
#include "collector/spanmetrics/span_metrics.h"
#include "collector/telemetry/log.h"
#include "collector/telemetry/snapshot.h"
#include "config/model.h"

namespace tailrace {

class Connectors {
 public:
  // Traces that were kept lately, newest first; see RecentKept().
  using Kept = std::function<std::vector<KeptTrace>()>;

  // All outlive this. `hash_key` is drawn at start; `instance_id` is this process's.
  Connectors(const config::Config& config, const MemoryPlan& plan, std::string instance_id, uint64_t hash_key,
             SpanMetrics::OnShard on_shard, Kept recent_kept, const Clock& clock, Logger& logger);

  // What the shard counts in. A receiver feeds the connectors of all pipelines that it feeds.
  std::vector<std::vector<SpanCounter*>> CountersOf(uint32_t shard) const;

  // Opens the exporters' ports.
  absl::Status Start(AccessKeeper& access);
  void Stop();

  // Any thread but the shards'.
  void AddTo(DaemonSnapshot* snapshot) const;

 private:
  AdminResponse Show(uint32_t exporter, const std::string& accept) const;

  const config::Config& config_;
  const SpanMetrics::OnShard on_shard_;
  const Kept recent_kept_;
  const Clock& clock_;
  Logger& logger_;
  std::vector<std::vector<std::unique_ptr<SpanMetrics>>> metrics_;  // by index into Config::span_metrics: the parts
  std::vector<std::unique_ptr<AdminServer>> servers_;               // by index into Config::prometheus_exporters
};

}  // namespace tailrace

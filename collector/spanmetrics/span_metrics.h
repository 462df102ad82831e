// SpanMetrics: a spanmetrics connector, or one of the metrics of it: one counter for each shard, one registry for all,
// and their sum when somebody asks for it. A connector of which calls or durations have dimensions of their own is two
// of these, and its events are one more, so that the limits hold for each metric, as the Collector's do.
//
// Ownership: immutable after the constructor but for its parts, which say themselves whose they are; one at a time
// collects or forgets.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "collector/spanmetrics/exemplars.h"
#include "collector/spanmetrics/series_registry.h"
#include "collector/spanmetrics/span_counter.h"
#include "collector/spanmetrics/span_metrics_plan.h"
#include "config/metrics_model.h"

namespace tailrace {

// The connector's series at one moment.
struct SpanMetricsSnapshot {
  std::vector<std::shared_ptr<const CountedSeries>> series;  // null: none has this id now
  std::vector<uint64_t> values;                              // by series, see SpanMetricsPlan::words
  Exemplars exemplars;
};

class SpanMetrics {
 public:
  struct Options {
    SeriesOf what = SeriesOf::kCallsAndDurations;
    uint32_t shards = 1;
    uint32_t series_max = 1;       // see MemoryPlan
    uint64_t label_bytes_max = 0;  // likewise
    std::string instance_id;
    uint64_t hash_key = 0;  // drawn at start
  };
  // Runs work on the thread of a shard and waits for its end.
  using OnShard = std::function<void(uint32_t shard, const std::function<void()>& work)>;

  // `config` outlives this.
  SpanMetrics(const config::SpanMetricsConfig& config, const Options& options);

  const SpanMetricsPlan& plan() const { return plan_; }
  // The shard's own.
  SpanCounter* counter(uint32_t shard) { return counters_[shard].get(); }

  // Forgets resources without spans for metrics_expiration. Any thread but the shards'; `now_ns` as they have it.
  void Expire(int64_t now_ns, const OnShard& on_shard);
  // Any thread but the shards'. Exemplars come from `newest_first`.
  SpanMetricsSnapshot Collect(const OnShard& on_shard, std::span<const KeptTrace> newest_first = {}) const;
  uint64_t OverflowSpans(const OnShard& on_shard) const;
  // Any thread.
  uint64_t series() const { return registry_.size(); }

 private:
  const SpanMetricsPlan plan_;
  SeriesRegistry registry_;
  mutable std::mutex reading_;  // whoever collects needs ids that stay what they are
  std::vector<std::unique_ptr<SpanCounter>> counters_;
};

// What a connector is made of.
std::vector<SeriesOf> PartsOf(const config::SpanMetricsConfig& config);

// Memory that a shard uses for one series at most, with its part of the names; for the plan.
uint64_t BytesPerSeries(const config::SpanMetricsConfig& config, uint32_t shards);
// Of that, the names, of all shards together.
inline constexpr uint64_t kLabelBytesPerSeries = 640;

}  // namespace tailrace

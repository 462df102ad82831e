#include "collector/spanmetrics/span_metrics.h"

#include <algorithm>

namespace tailrace {
namespace {

// Series added up in one turn of a shard, so that its sockets are not kept waiting.
constexpr uint32_t kSeriesPerTurn = 4096;

SeriesRegistry::Limits LimitsOf(const config::SpanMetricsConfig& config, const SpanMetrics::Options& options) {
  return {.series_of_resource = config.cardinality_limit,
          .resources = static_cast<uint32_t>(std::min<uint64_t>(config.resources_max, options.series_max)),
          .series = options.series_max,
          .label_bytes = options.label_bytes_max};
}

}  // namespace

SpanMetrics::SpanMetrics(const config::SpanMetricsConfig& config, const Options& options)
    : plan_(config, options.what, options.instance_id, options.hash_key),
      registry_(LimitsOf(config, options), config.resource_key_attributes, options.hash_key) {
  for (uint32_t shard = 0; shard < options.shards; ++shard) {
    counters_.push_back(std::make_unique<SpanCounter>(plan_, &registry_, options.hash_key + shard));
  }
}

void SpanMetrics::Expire(int64_t now_ns, const OnShard& on_shard) {
  if (plan_.config.metrics_expiration.count() == 0) return;
  const std::lock_guard lock(reading_);
  const int64_t before_ns = now_ns - plan_.config.metrics_expiration.count();
  absl::flat_hash_map<uint32_t, int64_t> seen;
  for (uint32_t shard = 0; shard < counters_.size(); ++shard) {
    on_shard(shard, [&] { counters_[shard]->AddLastSeen(&seen); });
  }
  std::vector<uint32_t> silent;
  for (const auto& [resource, last_ns] : seen) {
    if (resource != 0 && last_ns <= before_ns) silent.push_back(resource);
  }
  for (uint32_t shard = 0; shard < counters_.size() && !silent.empty(); ++shard) {
    on_shard(shard, [&] { counters_[shard]->Forget(silent, before_ns); });
  }
}

SpanMetricsSnapshot SpanMetrics::Collect(const OnShard& on_shard, std::span<const KeptTrace> newest_first) const {
  const std::lock_guard lock(reading_);
  SpanMetricsSnapshot snapshot;
  snapshot.series = registry_.AllSeries();
  snapshot.values.resize(snapshot.series.size() * plan_.words);
  for (uint32_t shard = 0; shard < counters_.size(); ++shard) {
    bool more = true;
    for (uint32_t from = 0; more; from += kSeriesPerTurn) {
      on_shard(shard, [&] { more = counters_[shard]->AddTo(from, kSeriesPerTurn, &snapshot.values); });
    }
  }
  snapshot.exemplars = FindExemplars(plan_, registry_, newest_first);
  return snapshot;
}

uint64_t SpanMetrics::OverflowSpans(const OnShard& on_shard) const {
  uint64_t spans = 0;
  for (uint32_t shard = 0; shard < counters_.size(); ++shard) {
    on_shard(shard, [&] { spans += counters_[shard]->overflow_spans(); });
  }
  return spans;
}

std::vector<SeriesOf> PartsOf(const config::SpanMetricsConfig& config) {
  const bool together = config.calls_dimensions.empty() && (config.histogram_dimensions.empty() || !config.histogram);
  std::vector<SeriesOf> parts = {together ? SeriesOf::kCallsAndDurations : SeriesOf::kCalls};
  if (!together && config.histogram) parts.push_back(SeriesOf::kDurations);
  if (config.events) parts.push_back(SeriesOf::kEvents);
  return parts;
}

uint64_t BytesPerSeries(const config::SpanMetricsConfig& config, uint32_t shards) {
  const uint64_t buckets = config.histogram ? config.buckets.size() + 1 : 0;
  // The words, up to four slots, the series' number, its key and place with its resource; of the registry's part what
  // falls on one shard.
  return (2 + buckets) * 8 + 4 * 16 + 4 + 16 + kLabelBytesPerSeries / shards;
}

}  // namespace tailrace

// SpanMetricsPlan: what is the same for all shards of a spanmetrics connector, or of one of its metrics. Immutable; any
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "collector/spanmetrics/duration_buckets.h"
#include "config/metrics_model.h"
#include "proto/span_brief.h"

namespace tailrace {

// The metrics that series are of. Calls and durations share theirs unless one of them has dimensions of its own; events
// have theirs always.
enum class SeriesOf : uint8_t { kCallsAndDurations, kCalls, kDurations, kEvents };

struct SpanMetricsPlan {
  // `config` outlives this.
  SpanMetricsPlan(const config::SpanMetricsConfig& config, SeriesOf what, std::string instance_id, uint64_t hash_key);

  const config::SpanMetricsConfig& config;
  const bool calls, durations, events;  // are shown
  const std::vector<config::Dimension> dimensions;
  const std::string instance_id;  // the dimension collector.instance.id
  const uint64_t hash_key;
  const bool by_service, by_name, by_kind, by_status, by_instance;  // not excluded
  const DurationBuckets buckets;

  // What tells the series of a resource, by its id in the registry, from those of others; and from that the key of an
  // operation of it, see DimensionValues::KeyOf().
  uint64_t SeedOf(uint32_t resource) const { return MultiplyFold(hash_key ^ resource, ~uint64_t{resource}); }
  uint64_t OperationKey(uint64_t seed, const SpanBrief& brief, std::string_view request) const {
    if (by_kind) seed += uint64_t{brief.kind} << 8;
    if (by_status) seed += brief.status;
    return by_name ? HashBytes(brief.name(request), seed) : seed;
  }

  // A series in words: calls or events, sum of durations in nanoseconds (a double's bits), then the buckets.
  const uint32_t words;
};

}  // namespace tailrace

#include "collector/spanmetrics/span_metrics_plan.h"

#include <algorithm>

namespace tailrace {
namespace {

bool Has(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// An attribute that stands in both lists is one dimension, and the later default is the one that holds.
std::vector<config::Dimension> DimensionsOf(const config::SpanMetricsConfig& config, SeriesOf what) {
  std::vector<config::Dimension> dimensions = config.dimensions;
  const auto add = [&dimensions](const std::vector<config::Dimension>& more) {
    for (const config::Dimension& dimension : more) {
      const auto same = std::find_if(dimensions.begin(), dimensions.end(),
                                     [&dimension](const auto& known) { return known.name == dimension.name; });
      if (same == dimensions.end()) {
        dimensions.push_back(dimension);
      } else if (dimension.fallback.has_value()) {
        same->fallback = dimension.fallback;
      }
    }
  };
  if (what == SeriesOf::kCalls) add(config.calls_dimensions);
  if (what == SeriesOf::kDurations) add(config.histogram_dimensions);
  if (what == SeriesOf::kEvents) add(config.event_dimensions);
  return dimensions;
}

std::vector<uint64_t> BoundsOf(const config::SpanMetricsConfig& config, bool durations) {
  std::vector<uint64_t> bounds;
  if (durations && config.exponential_max_size == 0) {
    for (const config::Duration bound : config.buckets) bounds.push_back(static_cast<uint64_t>(bound.count()));
  }
  return bounds;
}

}  // namespace

SpanMetricsPlan::SpanMetricsPlan(const config::SpanMetricsConfig& config_in, SeriesOf what, std::string instance_id_in,
                                 uint64_t key)
    : config(config_in),
      calls(what == SeriesOf::kCallsAndDurations || what == SeriesOf::kCalls),
      durations(config.histogram && (what == SeriesOf::kCallsAndDurations || what == SeriesOf::kDurations)),
      events(what == SeriesOf::kEvents),
      dimensions(DimensionsOf(config, what)),
      instance_id(std::move(instance_id_in)),
      hash_key(key),
      by_service(!Has(config.exclude_dimensions, "service.name")),
      by_name(!Has(config.exclude_dimensions, "span.name")),
      by_kind(!Has(config.exclude_dimensions, "span.kind")),
      by_status(!Has(config.exclude_dimensions, "status.code")),
      by_instance(!Has(config.exclude_dimensions, "collector.instance.id")),
      buckets(BoundsOf(config, durations)),
      words(static_cast<uint32_t>(2 + (durations ? buckets.count() : 0))) {}

}  // namespace tailrace

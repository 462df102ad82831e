// The model of what is counted at arrival: the `spanmetrics` connector, the pipelines that carry its metrics, the
// `prometheus` exporter that shows them, and the page's baselines. Values; see model.h.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/access_model.h"
#include "config/model_basics.h"

namespace tailrace::config {

// An attribute of the span, else of its event where events are counted, else of its resource, that tells series apart.
struct Dimension {
  std::string name;
  std::optional<std::string> fallback;  // where neither has it; nothing: the series goes without
};

enum class DurationUnit : uint8_t { kMilliseconds, kSeconds };

struct SpanMetricsConfig {
  ComponentId id;
  Location at;
  std::string metrics_namespace = "traces.span.metrics";
  std::vector<Dimension> dimensions;
  std::vector<Dimension> calls_dimensions;      // further ones, of the calls alone
  std::vector<Dimension> histogram_dimensions;  // and of the histogram alone
  bool events = false;                          // count spans' events, too
  std::vector<Dimension> event_dimensions;      // further ones, of the events alone
  std::vector<std::string> exclude_dimensions;
  bool histogram = true;
  DurationUnit unit = DurationUnit::kMilliseconds;
  std::vector<Duration> buckets;      // upper bounds, ascending; of an explicit histogram
  uint32_t exponential_max_size = 0;  // 0: an explicit one
  uint64_t cardinality_limit = 0;     // series of one resource; 0: as many as the memory budget has room for
  uint64_t resources_max = 1000;
  std::vector<std::string> resource_key_attributes;  // what tells resources apart; empty: every attribute
  bool exemplars = false;
  uint64_t exemplars_max = 5;      // of one series at a time
  Duration metrics_expiration{0};  // a resource without spans for so long is forgotten; 0: never
};

struct PrometheusExporterConfig : AccessConfig {
  ComponentId id;
  Location at;
  std::string host;
  uint16_t port = 0;  // 0: any free one, logged at start
  std::string metrics_namespace;
  std::map<std::string, std::string> const_labels;
  bool send_timestamps = false;
  bool resource_labels = false;  // every attribute of the resource becomes a label
  bool without_scope_info = false;
  bool metric_suffixes = true;
  bool open_metrics = false;  // for scrapers that ask for it; it alone shows exemplars
};

// From connectors to exporters of metrics.
struct MetricsPipelineConfig {
  std::string id;  // "metrics" or "metrics/name"
  Location at;
  std::vector<uint32_t> connectors;  // indices into Config::span_metrics
  std::vector<uint32_t> exporters;   // indices into Config::prometheus_exporters
};

// service::tailrace::baselines: what each operation usually does, of all traffic.
struct BaselinesConfig {
  bool enabled = true;
  uint32_t exact_spans_per_second = 150'000;  // of a shard; above it, requests are sampled. 0: never
};

}  // namespace tailrace::config

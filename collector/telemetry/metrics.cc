#include "collector/telemetry/metrics.h"

#include <prometheus/text_serializer.h>

#include <limits>
#include <utility>
#include <vector>

#include "collector/telemetry/metric_list.h"

namespace tailrace {
namespace {

prometheus::MetricType TypeOf(MetricType type) {
  switch (type) {
    case MetricType::kCounter:
      return prometheus::MetricType::Counter;
    case MetricType::kGauge:
      return prometheus::MetricType::Gauge;
    case MetricType::kHistogram:
      return prometheus::MetricType::Histogram;
  }
  return prometheus::MetricType::Untyped;
}

prometheus::ClientMetric::Histogram Cumulative(const Histogram& histogram) {
  prometheus::ClientMetric::Histogram result;
  uint64_t count = 0;
  for (size_t i = 0; i < histogram.counts.size(); ++i) {
    count += histogram.counts[i];
    const double bound = i < histogram.bounds.size() ? histogram.bounds[i] : std::numeric_limits<double>::infinity();
    result.bucket.push_back({.cumulative_count = count, .upper_bound = bound});
  }
  result.sample_count = count;
  result.sample_sum = histogram.sum;
  return result;
}

prometheus::ClientMetric SampleOf(const Metric& metric, const Series::Point& point) {
  prometheus::ClientMetric sample;
  for (size_t i = 0; i < metric.labels.size() && i < point.label_values.size(); ++i) {
    if (!point.label_values[i].empty()) sample.label.push_back({std::string(metric.labels[i]), point.label_values[i]});
  }
  switch (metric.type) {
    case MetricType::kCounter:
      sample.counter.value = point.value;
      break;
    case MetricType::kGauge:
      sample.gauge.value = point.value;
      break;
    case MetricType::kHistogram:
      sample.histogram = Cumulative(point.histogram);
      break;
  }
  return sample;
}

}  // namespace

std::string RenderMetrics(const DaemonSnapshot& snapshot, const ProcessStats& process, const InstanceInfo& instance) {
  const Scrape scrape{snapshot, process, instance, ComputeLedger(snapshot)};
  std::vector<prometheus::MetricFamily> families;
  for (const Metric& metric : AllMetrics()) {
    Series series;
    metric.read(scrape, series);
    if (series.points().empty()) continue;
    prometheus::MetricFamily family{std::string(metric.name), std::string(metric.help), TypeOf(metric.type), {}};
    for (const Series::Point& point : series.points()) family.metric.push_back(SampleOf(metric, point));
    families.push_back(std::move(family));
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace tailrace

// PrometheusPage: the metrics of connectors as text for a scraper, named and labelled as the Collector's `prometheus`
// exporter does. Series that differ in nothing that is shown are added up. Single-threaded.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "collector/spanmetrics/exposition.h"
#include "collector/spanmetrics/span_metrics.h"
#include "config/metrics_model.h"

namespace tailrace {

class PrometheusPage {
 public:
  // `wall_ms`: the time of the scrape, for send_timestamps.
  PrometheusPage(const config::PrometheusExporterConfig& config, int64_t wall_ms);

  void Add(const SpanMetricsPlan& plan, const SpanMetricsSnapshot& snapshot);
  std::string Text(MetricsFormat format = MetricsFormat::kText) const;

 private:
  struct Value {
    uint64_t calls = 0;
    double sum = 0;  // in the histogram's unit
    std::vector<uint64_t> buckets;
    std::map<size_t, Exemplar> exemplars;  // by bucket; of calls all in the first
  };
  struct Family {
    bool histogram = false;
    double divider = 1;               // from nanoseconds to its unit
    std::vector<std::string> bounds;  // of a histogram, as text
    absl::flat_hash_map<std::string, size_t> at;
    std::vector<std::pair<std::string, Value>> series;  // labels between braces; in the order in which they came
  };

  Value& ValueOf(Family* family, const std::string& labels);
  std::string LabelText(const CountedSeries& series) const;
  void AddTarget(const CountedResource& resource);
  static void AppendFamily(const std::string& name, const Family& family, Exposition* out);
  static void AppendHistogram(const std::string& name, const std::string& labels, const Family& family,
                              const Value& value, Exposition* out);

  const config::PrometheusExporterConfig& config_;
  const int64_t wall_ms_;
  std::map<std::string, Family> families_;
  std::set<std::string> targets_;  // labels of target_info
};

}  // namespace tailrace

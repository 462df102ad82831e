// PrometheusPage: the metrics of connectors as text for a scraper, named and labelled as the Collector's `prometheus`
// exporter does: text format 0.0.4. Series that differ in nothing that is shown are added up. Single-threaded.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "collector/spanmetrics/span_metrics.h"
#include "config/metrics_model.h"

namespace tailrace {

class PrometheusPage {
 public:
  // `wall_ms`: the time of the scrape, for send_timestamps.
  PrometheusPage(const config::PrometheusExporterConfig& config, int64_t wall_ms);

  void Add(const SpanMetricsPlan& plan, const SpanMetricsSnapshot& snapshot);
  std::string Text() const;

 private:
  struct Value {
    uint64_t calls = 0;
    double sum = 0;  // in the histogram's unit
    std::vector<uint64_t> buckets;
  };
  struct Family {
    bool histogram = false;
    std::vector<std::string> bounds;  // of a histogram, as text
    absl::flat_hash_map<std::string, size_t> at;
    std::vector<std::pair<std::string, Value>> series;  // labels between braces; in the order in which they came
  };

  Value& ValueOf(Family* family, const std::string& labels);
  std::string LabelText(const CountedSeries& series) const;
  void AddTarget(const CountedResource& resource);
  void AppendFamily(const std::string& name, const Family& family, std::string* out) const;
  void AppendSample(std::string_view name, std::string_view labels, std::string_view value, std::string* out) const;

  const config::PrometheusExporterConfig& config_;
  const std::string stamp_;  // after each value
  std::map<std::string, Family> families_;
  std::set<std::string> targets_;  // labels of target_info
};

}  // namespace tailrace

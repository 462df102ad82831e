// The list of all metrics: what each is called and how it is read from a snapshot. Internal to telemetry/.
//
// To add a metric: one entry in metric_list.cc, then `ninja metrics_docs`, and its line in the golden page of
// tests/collector/telemetry/metrics_test.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collector/telemetry/ledger.h"
#include "collector/telemetry/metrics.h"

namespace tailrace {

enum class MetricType : uint8_t { kCounter, kGauge, kHistogram };

// All that a metric may read; lives for one scrape.
struct Scrape {
  const DaemonSnapshot& snapshot;
  const ProcessStats& process;
  const InstanceInfo& instance;
  std::vector<LedgerLine> ledger;
};

// The series of one metric as they are read. Adding to label values seen before adds up: two pipelines with the same
// processor are one series, as they are in the Collector.
class Series {
 public:
  struct Point {
    std::vector<std::string> label_values;  // in the order of Metric::labels; an empty one is left out of the page
    double value = 0;
    Histogram histogram;
  };

  void Add(std::vector<std::string> label_values, double value);
  // Buckets missing from `histogram` count as empty, surplus ones as +Inf; one that holds nothing at all, not even
  // bounds, makes no series. Bounds that differ from the series' first are counted under the next bound above.
  void Add(std::vector<std::string> label_values, const Histogram& histogram);

  const std::vector<Point>& points() const { return points_; }

 private:
  Point& At(std::vector<std::string>&& label_values);
  std::vector<Point> points_;
};

struct Metric {
  std::string_view name;
  MetricType type;
  std::vector<std::string_view> labels;
  std::string_view help;  // one sentence
  void (*read)(const Scrape& scrape, Series& series);
};

std::span<const Metric> AllMetrics();

// A name on the Collector's page that has no metric here, and why.
struct AbsentMetric {
  std::string_view name;
  std::string_view reason;
};
std::span<const AbsentMetric> AbsentMetrics();

}  // namespace tailrace

#include <algorithm>
#include <utility>

#include "collector/telemetry/metric_list.h"

namespace tailrace {

Series::Point& Series::At(std::vector<std::string>&& label_values) {
  // A metric has some tens of series, so a walk is as good as a map and keeps their order.
  for (Point& point : points_) {
    if (point.label_values == label_values) return point;
  }
  points_.push_back({.label_values = std::move(label_values)});
  return points_.back();
}

void Series::Add(std::vector<std::string> label_values, double value) { At(std::move(label_values)).value += value; }

void Series::Add(std::vector<std::string> label_values, const Histogram& histogram) {
  if (histogram.bounds.empty() && histogram.counts.empty()) return;
  Histogram& sum = At(std::move(label_values)).histogram;
  if (sum.counts.empty()) {
    sum.bounds = histogram.bounds;
    sum.counts.resize(sum.bounds.size() + 1);
  }
  for (size_t i = 0; i < histogram.counts.size(); ++i) {
    size_t bucket = sum.bounds.size();
    if (i < histogram.bounds.size()) {
      const auto at = std::lower_bound(sum.bounds.begin(), sum.bounds.end(), histogram.bounds[i]);
      bucket = static_cast<size_t>(at - sum.bounds.begin());
    }
    sum.counts[bucket] += histogram.counts[i];
  }
  sum.sum += histogram.sum;
}

}  // namespace tailrace

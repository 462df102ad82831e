// FixedHistogram: counts values into buckets whose bounds are known when it is made. Single-writer; no allocation after
// the constructor.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "collector/telemetry/snapshot.h"

namespace tailrace {

class FixedHistogram {
 public:
  explicit FixedHistogram(std::vector<double> bounds)
      : histogram_{.bounds = std::move(bounds), .counts = {}, .sum = 0} {
    histogram_.counts.resize(histogram_.bounds.size() + 1);
  }

  void Record(double value) {
    size_t at = 0;
    while (at < histogram_.bounds.size() && value > histogram_.bounds[at]) ++at;
    ++histogram_.counts[at];
    histogram_.sum += value;
  }

  // Adds these counts to `sum`, which has the same bounds or none yet.
  void AddTo(Histogram* sum) const {
    if (sum->bounds.empty()) {
      sum->bounds = histogram_.bounds;
      sum->counts.resize(histogram_.counts.size());
    }
    for (size_t i = 0; i < histogram_.counts.size(); ++i) sum->counts[i] += histogram_.counts[i];
    sum->sum += histogram_.sum;
  }

 private:
  Histogram histogram_;
};

}  // namespace tailrace

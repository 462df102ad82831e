// `latency`: keeps traces that last longer than threshold_ms (exclusive, since Collector 0.157), and, where an upper
// threshold is set, at most that long. The duration runs from the earliest start to the latest end of all spans and is
// cut to whole milliseconds.
//
// With an upper threshold the Collector's answer depends on the order in which spans arrived (it stops at the first
// prefix that fits); this policy judges the whole trace.
#pragma once

#include "processors/policy.h"

namespace tailrace {

class LatencyPolicy final : public Policy {
 public:
  // `upper_threshold_ms` 0: none.
  LatencyPolicy(int64_t threshold_ms, int64_t upper_threshold_ms)
      : threshold_ms_(threshold_ms), upper_threshold_ms_(upper_threshold_ms) {}

  Vote Evaluate(const TraceView& trace) override {
    constexpr int64_t kNsPerMs = 1'000'000;
    if (upper_threshold_ms_ == 0) {
      return trace.facts.time.longest_prefix_ns / kNsPerMs > threshold_ms_ ? Vote::kSampled : Vote::kNotSampled;
    }
    const int64_t duration_ms = trace.facts.time.duration_ns() / kNsPerMs;
    return threshold_ms_ < duration_ms && duration_ms <= upper_threshold_ms_ ? Vote::kSampled : Vote::kNotSampled;
  }

 private:
  int64_t threshold_ms_;
  int64_t upper_threshold_ms_;
};

}  // namespace tailrace

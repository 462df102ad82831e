// `probabilistic`: keeps a share of all traces, chosen by their id alone, so that every instance with the same salt
// decides alike.
#pragma once

#include <string>

#include "processors/policy.h"

namespace tailrace {

class ProbabilisticPolicy final : public Policy {
 public:
  // An empty salt means the Collector's default. 100 and more keep everything, 0 and less (nearly) nothing.
  ProbabilisticPolicy(const std::string& hash_salt, double sampling_percentage);

  // Keeps where FNV-1a-64(salt, id) <= threshold().
  Vote Evaluate(const TraceView& trace) override;
  bool IsCertain() const override { return threshold_ == UINT64_MAX; }
  Chance ChanceOf(const TraceView& trace) override;

  // FNV-1a-64(salt, id).
  static uint64_t HashOf(const std::string& hash_salt, const TraceId& id);

  // floor((2^64 - 1) * percentage / 100), exactly.
  static uint64_t Threshold(double sampling_percentage);

 private:
  uint64_t salted_state_;
  uint64_t threshold_;
};

}  // namespace tailrace

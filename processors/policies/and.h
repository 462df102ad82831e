// `and`: keeps traces that every one of its policies keeps; asks them in the order of the configuration and stops at
// the first that does not. An error of one is the error of all.
#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "processors/policy.h"

namespace tailrace {

class AndPolicy final : public Policy {
 public:
  explicit AndPolicy(std::vector<std::unique_ptr<Policy>> policies) : policies_(std::move(policies)) {}

  Vote Evaluate(const TraceView& trace) override {
    for (const std::unique_ptr<Policy>& policy : policies_) {
      if (const Vote vote = policy->Evaluate(trace); vote != Vote::kSampled) return vote;
    }
    return Vote::kSampled;
  }
  bool IsCertain() const override {
    return std::all_of(policies_.begin(), policies_.end(), [](const auto& policy) { return policy->IsCertain(); });
  }
  Chance ChanceOf(const TraceView& trace) override {
    Chance all{.share = 1, .salt = 0};
    for (const std::unique_ptr<Policy>& policy : policies_) {
      if (all.share == 0) break;
      all = Both(all, policy->ChanceOf(trace));
    }
    return all;
  }

 private:
  std::vector<std::unique_ptr<Policy>> policies_;
};

}  // namespace tailrace

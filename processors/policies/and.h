// `and`: keeps traces that every one of its policies keeps; asks them in the order of the configuration and stops at
// the first that does not. An error of one is the error of all.
#pragma once

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

 private:
  std::vector<std::unique_ptr<Policy>> policies_;
};

}  // namespace tailrace

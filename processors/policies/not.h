// `not`: keeps traces that its policy does not keep. An error stays an error.
#pragma once

#include <memory>
#include <utility>

#include "processors/policy.h"

namespace tailrace {

class NotPolicy final : public Policy {
 public:
  explicit NotPolicy(std::unique_ptr<Policy> policy) : policy_(std::move(policy)) {}

  Vote Evaluate(const TraceView& trace) override {
    switch (const Vote vote = policy_->Evaluate(trace)) {
      case Vote::kSampled:
        return Vote::kNotSampled;
      case Vote::kNotSampled:
        return Vote::kSampled;
      default:
        return vote;
    }
  }

 private:
  std::unique_ptr<Policy> policy_;
};

}  // namespace tailrace

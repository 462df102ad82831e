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
  bool IsCertain() const override { return policy_->IsCertain(); }
  // By another draw than the policy's own: what the one keeps the other does not.
  Chance ChanceOf(const TraceView& trace) override {
    if (policy_->IsCertain()) return Policy::ChanceOf(trace);
    const Chance kept = policy_->ChanceOf(trace);
    return {.share = 1 - kept.share, .salt = kept.salt == 0 ? 0 : ~kept.salt};
  }

 private:
  std::unique_ptr<Policy> policy_;
};

}  // namespace tailrace

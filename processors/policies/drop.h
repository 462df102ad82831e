// `drop`: drops traces that every one of its policies keeps. An error of one is an error, which drops nothing.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "processors/policies/and.h"

namespace tailrace {

class DropPolicy final : public Policy {
 public:
  explicit DropPolicy(std::vector<std::unique_ptr<Policy>> policies) : all_(std::move(policies)) {}

  Vote Evaluate(const TraceView& trace) override {
    const Vote vote = all_.Evaluate(trace);
    return vote == Vote::kSampled ? Vote::kDropped : vote;
  }
  bool IsDrop() const override { return true; }
  bool IsCertain() const override { return all_.IsCertain(); }
  Chance ChanceOf(const TraceView& trace) override { return all_.ChanceOf(trace); }

 private:
  AndPolicy all_;
};

}  // namespace tailrace

// `composite`: shares the spans of each second of the clock among its policies. They are asked in order; the first that
// keeps the trace decides: kept where its share of the second still holds all spans of the trace, else not kept, and no
// later policy is tried. That is the Collector's rule, which counts each policy's spans by themselves only: where the
// shares add up to more than max_total, so may the spans. `borrow` is Tailrace's own, see docs/CONFIG.md.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "config/model.h"
#include "processors/policies/kept_share.h"
#include "processors/policy.h"

namespace tailrace {

// What has been kept in the running second. Guarded by a mutex: one budget serves the engines of all shards.
class CompositeBudget {
 public:
  explicit CompositeBudget(const config::CompositeConfig& config);

  // Counts `spans` for the policy with this number where they fit.
  bool Take(size_t child, int64_t unix_s, int64_t spans);

  int64_t share(size_t child) const { return shares_[child]; }

 private:
  const int64_t max_total_;
  const bool borrow_;
  std::vector<int64_t> shares_;  // immutable
  std::mutex mutex_;
  int64_t second_ = 0;
  int64_t taken_in_all_ = 0;
  std::vector<int64_t> taken_;
};

class CompositePolicy final : public Policy {
 public:
  CompositePolicy(std::vector<std::unique_ptr<Policy>> policies, std::shared_ptr<CompositeBudget> budget)
      : policies_(std::move(policies)), budget_(std::move(budget)), shares_(policies_.size()) {}

  Vote Evaluate(const TraceView& trace) override;
  int32_t sampled_child() const override { return sampled_child_; }
  bool IsCertain() const override { return false; }
  Chance ChanceOf(const TraceView& trace) override;

 private:
  std::vector<std::unique_ptr<Policy>> policies_;
  std::shared_ptr<CompositeBudget> budget_;
  std::vector<KeptShare> shares_;  // by policy: of what it wanted to keep, what its budget held
  int32_t sampled_child_ = -1;
};

}  // namespace tailrace

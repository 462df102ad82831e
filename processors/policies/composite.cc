#include "processors/policies/composite.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"

namespace tailrace {
namespace {

int64_t Truncate(double spans) {
  constexpr double kMost = 9.2e18;
  return static_cast<int64_t>(std::clamp(spans, -kMost, kMost));
}

}  // namespace

CompositeBudget::CompositeBudget(const config::CompositeConfig& config)
    : max_total_(config.max_total_spans_per_second), borrow_(config.borrow), taken_(config.sub_policies.size()) {
  absl::flat_hash_map<std::string, int64_t> percents;
  for (const config::RateAllocation& allocation : config.rate_allocation) {
    percents[allocation.policy] = allocation.percent;  // the last one counts
  }
  const auto total = static_cast<double>(max_total_);
  for (const config::PolicyConfig& child : config.sub_policies) {
    const auto found = percents.find(child.name);
    const bool given = found != percents.end() && found->second > 0;
    shares_.push_back(Truncate(given ? static_cast<double>(found->second) / 100 * total
                                     : total / static_cast<double>(config.sub_policies.size())));
  }
}

bool CompositeBudget::Take(size_t child, int64_t unix_s, int64_t spans) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (second_ != unix_s) {
    second_ = unix_s;
    taken_in_all_ = 0;
    std::fill(taken_.begin(), taken_.end(), 0);
  }
  const int64_t taken = taken_[child] + spans;
  const bool in_share = taken <= shares_[child] && taken <= max_total_;
  if (!in_share && !(borrow_ && taken_in_all_ + spans <= max_total_)) return false;
  taken_[child] = taken;
  taken_in_all_ += spans;
  return true;
}

Vote CompositePolicy::Evaluate(const TraceView& trace) {
  sampled_child_ = -1;
  for (size_t i = 0; i < policies_.size(); ++i) {
    const Vote vote = policies_[i]->Evaluate(trace);
    if (vote == Vote::kNotSampled) continue;
    if (vote != Vote::kSampled) return vote;
    const bool kept = budget_->Take(i, trace.unix_s, trace.facts.span_count);
    shares_[i].Add(trace.now_ns, trace.facts.span_count, kept);
    if (!kept) return Vote::kNotSampled;
    sampled_child_ = static_cast<int32_t>(i);
    return Vote::kSampled;
  }
  return Vote::kNotSampled;
}

// The first policy that wants the trace decides.
Chance CompositePolicy::ChanceOf(const TraceView& trace) {
  double share = 0, none_before = 1;
  for (size_t i = 0; i < policies_.size() && none_before > 0; ++i) {
    const double wanted = policies_[i]->ChanceOf(trace).share;
    share += none_before * wanted * shares_[i].Get();
    none_before *= 1 - wanted;
  }
  return {.share = share, .salt = 0};
}

}  // namespace tailrace

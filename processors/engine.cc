#include "processors/engine.h"

#include <algorithm>

#include "processors/policies/make_policy.h"

namespace tailrace {

Engine::Engine(const config::TailSamplingConfig& config) : sample_on_first_match_(config.sample_on_first_match) {
  for (const config::PolicyConfig& policy : config.policies) {
    policies_.push_back({.name = policy.name, .policy = MakePolicy(policy)});
  }
  std::stable_partition(policies_.begin(), policies_.end(), [](const Entry& entry) { return entry.policy->IsDrop(); });
}

Vote Engine::Ask(Entry* entry, const TraceView& trace) {
  const Vote vote = entry->policy->Evaluate(trace);
  switch (vote) {
    case Vote::kSampled:
      ++entry->sampled;
      break;
    case Vote::kNotSampled:
      ++entry->not_sampled;
      break;
    case Vote::kDropped:
      ++entry->dropped;
      break;
    case Vote::kError:
      ++entry->errors;
      break;
  }
  return vote;
}

Decision Engine::Decide(const TraceView& trace) {
  Decision decision;
  for (size_t i = 0; i < policies_.size(); ++i) {
    const Vote vote = Ask(&policies_[i], trace);
    if (vote == Vote::kDropped) return {Verdict::kDropped, static_cast<int32_t>(i)};
    if (vote != Vote::kSampled || decision.verdict == Verdict::kSampled) continue;
    decision = {Verdict::kSampled, static_cast<int32_t>(i)};
    if (sample_on_first_match_) break;
  }
  return decision;
}

}  // namespace tailrace

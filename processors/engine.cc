#include "processors/engine.h"

#include <algorithm>
#include <utility>

#include "processors/policies/make_policy.h"

namespace tailrace {

std::vector<const config::PolicyConfig*> PoliciesAsAsked(const config::TailSamplingConfig& config) {
  std::vector<const config::PolicyConfig*> policies;
  for (const config::PolicyConfig& policy : config.policies) policies.push_back(&policy);
  std::stable_partition(policies.begin(), policies.end(), [](const config::PolicyConfig* policy) {
    return std::holds_alternative<config::DropConfig>(policy->rule);
  });
  return policies;
}

Engine::Engine(const config::TailSamplingConfig& config, std::shared_ptr<Budgets> budgets)
    : budgets_(budgets != nullptr ? std::move(budgets) : std::make_shared<Budgets>()),
      sample_on_first_match_(config.sample_on_first_match) {
  PolicyParts parts{.questions = &questions_, .budgets = budgets_.get()};
  for (const config::PolicyConfig& policy : config.policies) {
    Entry entry{.name = policy.name, .policy = MakePolicy(policy, &parts)};
    if (const auto* composite = std::get_if<config::CompositeConfig>(&policy.rule)) {
      for (const config::PolicyConfig& child : composite->sub_policies) entry.children.push_back(child.name);
    }
    entry.certain = entry.policy->IsCertain();
    certain_ &= entry.certain;
    policies_.push_back(std::move(entry));
  }
  any_.Reserve(policies_.size());
  std::stable_partition(policies_.begin(), policies_.end(), [](const Entry& entry) { return entry.policy->IsDrop(); });
}

Vote Engine::Ask(size_t policy, const TraceView& trace, bool measured, Votes* votes) {
  Entry* const entry = &policies_[policy];
  const uint64_t start = measured ? trace.ticks() : 0;
  const Vote vote = entry->policy->Evaluate(trace);
  if (measured) entry->ns += (trace.ticks() - start) * kMeasureEvery;
  votes->Set(policy, vote);
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
  const bool measured = decisions_++ % kMeasureEvery == 0 && trace.ticks != nullptr;
  questions_.Begin(trace.spans);
  Decision decision;
  for (size_t i = 0; i < policies_.size(); ++i) {
    const auto index = static_cast<int32_t>(i);
    const Vote vote = Ask(i, trace, measured, &decision.votes);
    if (vote == Vote::kDropped) return {.verdict = Verdict::kDropped, .policy = index, .votes = decision.votes};
    if (vote != Vote::kSampled) continue;
    if (const int32_t child = policies_[i].policy->sampled_child(); child >= 0) {
      decision.composite = index;
      decision.composite_child = child;
    }
    if (decision.verdict == Verdict::kSampled) continue;
    decision.verdict = Verdict::kSampled;
    decision.policy = index;
    if (sample_on_first_match_) break;
  }
  if (decision.verdict == Verdict::kSampled && !certain_) decision.weight = WeightOf(trace, decision.votes);
  return decision;
}

// Asks again only those that draw or limit, and those that were not asked.
double Engine::WeightOf(const TraceView& trace, const Votes& votes) {
  any_.Clear();
  double not_dropped = 1;
  for (size_t i = 0; i < policies_.size(); ++i) {
    const Entry& entry = policies_[i];
    const std::optional<Vote> vote = votes.Get(i);
    Chance chance{.share = vote == Vote::kSampled ? 1.0 : 0.0, .salt = 0};
    if (!entry.certain || !vote.has_value()) chance = entry.policy->ChanceOf(trace);
    if (entry.policy->IsDrop()) {
      not_dropped *= 1 - chance.share;
    } else {
      any_.Add(chance);
    }
  }
  const double share = not_dropped * any_.Share();
  return share > 0 ? 1 / share : 1;
}

std::optional<Decision> Engine::DecideArrival(const TraceView& arrived) {
  const bool measured = decisions_++ % kMeasureEvery == 0 && arrived.ticks != nullptr;
  questions_.Begin(arrived.spans);
  bool may_be_dropped_yet = false;
  Decision decision;
  for (size_t i = 0; i < policies_.size(); ++i) {
    const bool drops = policies_[i].policy->IsDrop();
    if (!drops && may_be_dropped_yet) break;
    const Vote vote = Ask(i, arrived, measured, &decision.votes);
    decision.policy = static_cast<int32_t>(i);
    if (vote == Vote::kDropped) {
      decision.verdict = Verdict::kDropped;
      return decision;
    }
    if (drops && vote != Vote::kError) may_be_dropped_yet = true;
    if (drops || vote != Vote::kSampled) continue;
    decision.verdict = Verdict::kSampled;
    decision.composite_child = policies_[i].policy->sampled_child();
    if (decision.composite_child >= 0) decision.composite = decision.policy;
    return decision;
  }
  return std::nullopt;
}

}  // namespace tailrace

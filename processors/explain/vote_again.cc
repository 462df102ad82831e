#include "processors/explain/vote_again.h"

#include <algorithm>
#include <vector>

#include "processors/policies/make_policy.h"

namespace tailrace {
namespace {

// What a policy goes by beside the facts.
struct Needs {
  bool budget = false;
  bool spans = false;
};

struct NeedsOf {
  Needs operator()(const config::RateLimitingConfig&) const { return {.budget = true}; }
  Needs operator()(const config::BytesLimitingConfig&) const { return {.budget = true}; }
  Needs operator()(const config::CompositeConfig&) const { return {.budget = true}; }
  Needs operator()(const config::NumericAttributeConfig&) const { return {.spans = true}; }
  Needs operator()(const config::BooleanAttributeConfig&) const { return {.spans = true}; }
  Needs operator()(const config::StringAttributeConfig&) const { return {.spans = true}; }
  Needs operator()(const config::TraceStateConfig&) const { return {.spans = true}; }
  Needs operator()(const config::OttlConditionConfig&) const { return {.spans = true}; }
  Needs operator()(const config::AndConfig& rule) const { return Any(rule.sub_policies); }
  Needs operator()(const config::NotConfig& rule) const { return Any(rule.sub_policy); }
  Needs operator()(const config::DropConfig& rule) const { return Any(rule.sub_policies); }
  template <class Rule>
  Needs operator()(const Rule&) const {
    return {};
  }

  static Needs Any(const std::vector<config::PolicyConfig>& policies) {
    Needs needs;
    for (const config::PolicyConfig& policy : policies) {
      const Needs of_policy = std::visit(NeedsOf{}, policy.rule);
      needs.budget |= of_policy.budget;
      needs.spans |= of_policy.spans;
    }
    return needs;
  }
};

}  // namespace

std::optional<Vote> VoteAgain(const config::PolicyConfig& policy, const KnownTrace& trace) {
  const Needs needs = std::visit(NeedsOf{}, policy.rule);
  if (needs.budget || (needs.spans && trace.spans == nullptr)) return std::nullopt;
  SpanQuestions questions;
  Budgets budgets;
  PolicyParts parts{.questions = &questions, .budgets = &budgets};
  const std::unique_ptr<Policy> judge = MakePolicy(policy, &parts);
  questions.Begin(trace.spans);
  return judge->Evaluate({.id = trace.id, .facts = trace.facts, .spans = trace.spans});
}

}  // namespace tailrace

#include "processors/policies/make_policy.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "processors/policies/always_sample.h"
#include "processors/policies/and.h"
#include "processors/policies/any_span.h"
#include "processors/policies/boolean_attribute.h"
#include "processors/policies/drop.h"
#include "processors/policies/latency.h"
#include "processors/policies/limiting.h"
#include "processors/policies/not.h"
#include "processors/policies/numeric_attribute.h"
#include "processors/policies/ottl_condition.h"
#include "processors/policies/probabilistic.h"
#include "processors/policies/span_count.h"
#include "processors/policies/status_code.h"
#include "processors/policies/string_attribute.h"
#include "processors/policies/trace_flags.h"
#include "processors/policies/trace_state.h"

namespace tailrace {
namespace {

using Made = std::unique_ptr<Policy>;

struct Maker {
  PolicyParts* parts;

  Made operator()(const config::AlwaysSampleConfig&) const { return std::make_unique<AlwaysSamplePolicy>(); }
  Made operator()(const config::LatencyConfig& rule) const {
    return std::make_unique<LatencyPolicy>(rule.threshold_ms, rule.upper_threshold_ms);
  }
  Made operator()(const config::StatusCodeConfig& rule) const {
    return std::make_unique<StatusCodePolicy>(rule.status_codes);
  }
  Made operator()(const config::ProbabilisticConfig& rule) const {
    return std::make_unique<ProbabilisticPolicy>(rule.hash_salt, rule.sampling_percentage);
  }
  Made operator()(const config::SpanCountConfig& rule) const {
    return std::make_unique<SpanCountPolicy>(rule.min_spans, rule.max_spans);
  }
  Made operator()(const config::TraceFlagsConfig&) const { return std::make_unique<TraceFlagsPolicy>(); }
  Made operator()(const config::RateLimitingConfig& rule) const {
    return std::make_unique<RateLimitingPolicy>(
        parts->budgets->Bucket(parts->next_bucket++, rule.spans_per_second, rule.burst_capacity));
  }
  Made operator()(const config::BytesLimitingConfig& rule) const {
    return std::make_unique<BytesLimitingPolicy>(
        parts->budgets->Bucket(parts->next_bucket++, rule.bytes_per_second, rule.burst_capacity));
  }
  Made operator()(const config::NumericAttributeConfig& rule) const {
    return AnySpan<NumericAttributeQuestion>(rule.invert_match, keys(), rule.key, rule.min_value, rule.max_value);
  }
  Made operator()(const config::BooleanAttributeConfig& rule) const {
    return AnySpan<BooleanAttributeQuestion>(rule.invert_match, keys(), rule.key, rule.value);
  }
  Made operator()(const config::StringAttributeConfig& rule) const {
    return AnySpan<StringAttributeQuestion>(rule.invert_match, keys(), rule);
  }
  Made operator()(const config::TraceStateConfig& rule) const {
    return AnySpan<TraceStateQuestion>(false, rule.key, rule.values);
  }
  Made operator()(const config::OttlConditionConfig& rule) const { return AnySpan<OttlQuestion>(false, keys(), rule); }
  Made operator()(const config::AndConfig& rule) const { return std::make_unique<AndPolicy>(All(rule.sub_policies)); }
  Made operator()(const config::NotConfig& rule) const {
    return std::make_unique<NotPolicy>(MakePolicy(rule.sub_policy.front(), parts));
  }
  Made operator()(const config::DropConfig& rule) const { return std::make_unique<DropPolicy>(All(rule.sub_policies)); }
  Made operator()(const config::CompositeConfig& rule) const {
    const size_t number = parts->next_composite++;
    return std::make_unique<CompositePolicy>(All(rule.sub_policies), parts->budgets->Composite(number, rule));
  }

 private:
  AttributeKeys* keys() const { return parts->questions->keys(); }
  template <class Question, class... Arguments>
  Made AnySpan(bool invert, Arguments&&... arguments) const {
    return std::make_unique<AnySpanPolicy>(parts->questions,
                                           std::make_unique<Question>(std::forward<Arguments>(arguments)...), invert);
  }
  std::vector<Made> All(const std::vector<config::PolicyConfig>& configs) const {
    std::vector<Made> policies;
    for (const config::PolicyConfig& policy : configs) policies.push_back(MakePolicy(policy, parts));
    return policies;
  }
};

bool AnyStateful(const std::vector<config::PolicyConfig>& policies) {
  return std::any_of(policies.begin(), policies.end(), IsStateful);
}

struct Statefulness {
  bool operator()(const config::LatencyConfig& rule) const { return rule.upper_threshold_ms > 0; }
  bool operator()(const config::SpanCountConfig& rule) const { return rule.max_spans > 0; }
  bool operator()(const config::RateLimitingConfig&) const { return true; }
  bool operator()(const config::BytesLimitingConfig&) const { return true; }
  bool operator()(const config::AndConfig& rule) const { return AnyStateful(rule.sub_policies); }
  bool operator()(const config::NotConfig& rule) const { return AnyStateful(rule.sub_policy); }
  bool operator()(const config::DropConfig& rule) const { return AnyStateful(rule.sub_policies); }
  bool operator()(const config::CompositeConfig& rule) const { return AnyStateful(rule.sub_policies); }
  template <class Rule>
  bool operator()(const Rule&) const {
    return false;
  }
};

}  // namespace

std::unique_ptr<Policy> MakePolicy(const config::PolicyConfig& config, PolicyParts* parts) {
  return std::visit(Maker{parts}, config.rule);
}

bool ReadsSizes(const config::PolicyConfig& config) {
  const auto any = [](const std::vector<config::PolicyConfig>& policies) {
    return std::any_of(policies.begin(), policies.end(), ReadsSizes);
  };
  if (const auto* rule = std::get_if<config::AndConfig>(&config.rule)) return any(rule->sub_policies);
  if (const auto* rule = std::get_if<config::DropConfig>(&config.rule)) return any(rule->sub_policies);
  if (const auto* rule = std::get_if<config::CompositeConfig>(&config.rule)) return any(rule->sub_policies);
  if (const auto* rule = std::get_if<config::NotConfig>(&config.rule)) return any(rule->sub_policy);
  return std::holds_alternative<config::BytesLimitingConfig>(config.rule);
}

int64_t ShortestSlowNs(const std::vector<config::PolicyConfig>& policies) {
  constexpr int64_t kNsPerMs = 1'000'000;
  int64_t shortest = INT64_MAX;
  for (const config::PolicyConfig& config : policies) {
    int64_t slow = INT64_MAX;
    if (const auto* rule = std::get_if<config::AndConfig>(&config.rule)) slow = ShortestSlowNs(rule->sub_policies);
    if (const auto* rule = std::get_if<config::CompositeConfig>(&config.rule))
      slow = ShortestSlowNs(rule->sub_policies);
    const auto* latency = std::get_if<config::LatencyConfig>(&config.rule);
    if (latency != nullptr && latency->threshold_ms < INT64_MAX / kNsPerMs - 1)
      slow = (latency->threshold_ms + 1) * kNsPerMs;
    shortest = std::min(shortest, slow);
  }
  return shortest;
}

bool IsStateful(const config::PolicyConfig& config) { return std::visit(Statefulness{}, config.rule); }

}  // namespace tailrace

#include "processors/explain/explain.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "processors/explain/deciding_span.h"
#include "processors/explain/rule_text.h"
#include "processors/explain/vote_again.h"
#include "processors/policies/boolean_attribute.h"
#include "processors/policies/numeric_attribute.h"
#include "processors/policies/ottl_condition.h"
#include "processors/policies/probabilistic.h"
#include "processors/policies/string_attribute.h"
#include "processors/policies/trace_state.h"

namespace tailrace {
namespace {

constexpr int64_t kNsPerMs = 1'000'000;

const char* StatusName(int32_t code) { return code == 2 ? "ERROR" : code == 1 ? "OK" : "UNSET"; }

std::string StatusesSeen(uint8_t seen) {
  std::string names;
  const auto add = [&](SeenBit bit, const char* name) {
    if ((seen & bit) != 0) absl::StrAppend(&names, names.empty() ? "" : ", ", name);
  };
  add(kSeenStatusUnset, "UNSET");
  add(kSeenStatusOk, "OK");
  add(kSeenStatusError, "ERROR");
  return names;
}

std::optional<DecidingSpan> LongestSpan(const KnownTrace& trace) {
  std::optional<DecidingSpan> longest;
  uint64_t longest_ns = 0;
  VisitSpans(trace, AttributeKeys(), [&](SpanView* span) {
    const SpanFields& fields = span->fields();
    const uint64_t ns = fields.end_ns > fields.start_ns ? fields.end_ns - fields.start_ns : 0;
    if (!longest.has_value() || ns > longest_ns) {
      longest = Describe(span);
      longest_ns = ns;
    }
    return false;
  });
  return longest;
}

// Of one policy whose vote is known; fills in value and span.
struct Explainer {
  const KnownTrace& trace;
  Vote vote;
  int32_t child;
  Explanation* out;

  bool sampled() const { return vote == Vote::kSampled || vote == Vote::kDropped; }

  void operator()(const config::AlwaysSampleConfig&) const {}
  void operator()(const config::LatencyConfig& rule) const {
    const TimeSpan& time = trace.facts.time;
    const int64_t ns = rule.upper_threshold_ms == 0 ? time.longest_prefix_ns : time.duration_ns();
    out->value = absl::StrCat(ns / kNsPerMs, " ms");  // cut to whole ones, as the policy compares them
    out->span = LongestSpan(trace);
  }
  void operator()(const config::StatusCodeConfig& rule) const {
    out->value = StatusesSeen(trace.facts.seen);
    if (!sampled()) return;
    for (const std::string& wanted : rule.status_codes) {
      out->span = FirstSpan(trace, [&](SpanView* span) { return StatusName(span->fields().status_code) == wanted; });
      if (!out->span.has_value()) continue;
      out->value = wanted;
      return;
    }
  }
  void operator()(const config::ProbabilisticConfig& rule) const {
    const double place = static_cast<double>(ProbabilisticPolicy::HashOf(rule.hash_salt, trace.id)) / 0x1p64 * 100;
    out->value = absl::StrFormat("the id's hash stands at %.4f %%", place);
  }
  void operator()(const config::NumericAttributeConfig& rule) const {
    ExplainAttribute(
        trace, rule.key,
        [&](AttributeKeys* keys) {
          return std::make_unique<NumericAttributeQuestion>(keys, rule.key, rule.min_value, rule.max_value);
        },
        out);
  }
  void operator()(const config::BooleanAttributeConfig& rule) const {
    ExplainAttribute(
        trace, rule.key,
        [&](AttributeKeys* keys) { return std::make_unique<BooleanAttributeQuestion>(keys, rule.key, rule.value); },
        out);
  }
  void operator()(const config::StringAttributeConfig& rule) const {
    ExplainAttribute(
        trace, rule.key, [&](AttributeKeys* keys) { return std::make_unique<StringAttributeQuestion>(keys, rule); },
        out);
  }
  void operator()(const config::RateLimitingConfig&) const { Budget(absl::StrCat(trace.facts.span_count, " spans")); }
  void operator()(const config::BytesLimitingConfig&) const {
    Budget(absl::StrCat(trace.facts.bytes + trace.facts.frame_bytes, " bytes"));
  }
  void operator()(const config::SpanCountConfig&) const { out->value = absl::StrCat(trace.facts.span_count, " spans"); }
  void operator()(const config::TraceStateConfig& rule) const {
    TraceStateQuestion question(rule.key, rule.values);
    VisitSpans(trace, AttributeKeys(), [&](SpanView* span) {
      if (question.Ask(span) != Answer::kYes) return false;
      out->value = Shortened(FindTraceStateMember(span->fields().trace_state, rule.key));
      out->span = Describe(span);
      return true;
    });
  }
  void operator()(const config::TraceFlagsConfig&) const {
    out->span = FirstSpan(trace, [](SpanView* span) { return (span->fields().flags & 1) != 0; });
  }
  void operator()(const config::OttlConditionConfig& rule) const {
    AttributeKeys keys;
    OttlQuestion question(&keys, rule);
    VisitSpans(trace, keys, [&](SpanView* span) {
      const Answer answer = question.Ask(span);
      if (answer == Answer::kNo) return false;
      out->value = answer == Answer::kYes ? "true" : "error";
      out->span = Describe(span);
      return true;
    });
  }
  void operator()(const config::AndConfig& rule) const { All(rule.sub_policies); }
  void operator()(const config::DropConfig& rule) const { All(rule.sub_policies); }
  void operator()(const config::NotConfig& rule) const {
    const Vote inner = vote == Vote::kSampled ? Vote::kNotSampled : vote == Vote::kNotSampled ? Vote::kSampled : vote;
    Take(Explain(rule.sub_policy.front(), trace, inner));
  }
  void operator()(const config::CompositeConfig& rule) const {
    const config::PolicyConfig* chosen = nullptr;
    bool all_known = true;
    if (sampled() && child >= 0 && static_cast<size_t>(child) < rule.sub_policies.size()) {
      chosen = &rule.sub_policies[static_cast<size_t>(child)];
    }
    for (size_t i = 0; chosen == nullptr && i < rule.sub_policies.size(); ++i) {
      const std::optional<Vote> again = VoteAgain(rule.sub_policies[i], trace);
      all_known &= again.has_value();
      if (again == Vote::kSampled) chosen = &rule.sub_policies[i];
    }
    if (chosen == nullptr) {
      if (all_known && !sampled()) out->value = "none of its policies samples it";
      return;
    }
    Take(Explain(*chosen, trace, Vote::kSampled));
    const char* share = sampled() ? "within its share of that second" : "its share of that second was spent";
    out->value = absl::StrCat("\"", Shortened(chosen->name, 128), "\"", out->value.empty() ? "" : ": ", out->value,
                              "; ", trace.facts.span_count, " spans, ", share);
  }

 private:
  void Budget(const std::string& size) const {
    out->value = absl::StrCat(size, sampled() ? ", within the budget of that moment" : ", more than the budget held");
  }

  void Take(Explanation of_child) const {
    out->value = std::move(of_child.value);
    out->span = std::move(of_child.span);
  }

  // Of policies that must all sample: what each went by, or the one that did not.
  void All(const std::vector<config::PolicyConfig>& policies) const {
    if (!sampled()) return OneOfAll(policies);
    std::vector<std::string> values;
    for (const config::PolicyConfig& policy : policies) {
      Explanation of_child = Explain(policy, trace, Vote::kSampled);
      if (!of_child.value.empty()) values.push_back(std::move(of_child.value));
      if (!out->span.has_value()) out->span = std::move(of_child.span);
    }
    for (const std::string& value : values) absl::StrAppend(&out->value, out->value.empty() ? "" : "; ", value);
    out->value = Shortened(out->value);
  }

  void OneOfAll(const std::vector<config::PolicyConfig>& policies) const {
    const config::PolicyConfig* unknown = nullptr;
    for (const config::PolicyConfig& policy : policies) {
      const std::optional<Vote> again = VoteAgain(policy, trace);
      if (!again.has_value() && unknown == nullptr) unknown = &policy;
      if (again.has_value() && *again != Vote::kSampled) return Blame(policy, *again);
    }
    if (unknown != nullptr) Blame(*unknown, vote);
  }

  void Blame(const config::PolicyConfig& policy, Vote its_vote) const {
    Take(Explain(policy, trace, its_vote));
    if (!out->value.empty()) out->value = Shortened(absl::StrCat(out->value, ", where it asks for ", RuleText(policy)));
  }
};

}  // namespace

Explanation Explain(const config::PolicyConfig& policy, const KnownTrace& trace, std::optional<Vote> vote,
                    int32_t child) {
  Explanation explanation{.rule = RuleText(policy)};
  if (!vote.has_value()) return explanation;
  const std::optional<Vote> again = VoteAgain(policy, trace);
  if (again.has_value() && *again != *vote) return explanation;
  std::visit(Explainer{trace, *vote, child, &explanation}, policy.rule);
  return explanation;
}

}  // namespace tailrace

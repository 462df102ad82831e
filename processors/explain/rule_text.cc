#include "processors/explain/rule_text.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/spans/value_text.h"

namespace tailrace {
namespace {

// Of a list, so many are named.
constexpr size_t kListedMax = 8;

template <class List, class Name>
std::string Listed(const List& list, const char* between, Name name) {
  std::vector<std::string> texts;
  for (const auto& item : list) {
    if (texts.size() == kListedMax) {
      texts.push_back(absl::StrCat("one of ", list.size() - kListedMax, " more"));
      break;
    }
    texts.push_back(name(item));
  }
  return absl::StrJoin(texts, between);
}

std::string Quoted(const std::string& text) { return absl::StrCat("\"", Shortened(text, 128), "\""); }

std::string AllOf(const std::vector<config::PolicyConfig>& policies) {
  return Listed(policies, ", and ", [](const config::PolicyConfig& policy) { return RuleText(policy); });
}

// "attribute "k" ...", or that no span has such a one.
std::string Attribute(const std::string& key, bool invert, const std::string& what) {
  return absl::StrCat(invert ? "no span with attribute " : "attribute ", Quoted(key), " ", what);
}

struct RuleWords {
  std::string operator()(const config::AlwaysSampleConfig&) const { return "every trace"; }
  std::string operator()(const config::LatencyConfig& rule) const {
    const std::string least = absl::StrCat("latency of more than ", rule.threshold_ms, " ms");
    return rule.upper_threshold_ms == 0 ? least : absl::StrCat(least, " and at most ", rule.upper_threshold_ms, " ms");
  }
  std::string operator()(const config::StatusCodeConfig& rule) const {
    return absl::StrCat("a span with status ", absl::StrJoin(rule.status_codes, " or "));
  }
  std::string operator()(const config::ProbabilisticConfig& rule) const {
    return absl::StrCat(rule.sampling_percentage, " % of all traces, by trace id");
  }
  std::string operator()(const config::NumericAttributeConfig& rule) const {
    std::string bounds = "that is a number";
    if (rule.min_value != 0 && rule.max_value != 0)
      bounds = absl::StrCat("from ", rule.min_value, " to ", rule.max_value);
    if (rule.min_value != 0 && rule.max_value == 0) bounds = absl::StrCat("of at least ", rule.min_value);
    if (rule.min_value == 0 && rule.max_value != 0) bounds = absl::StrCat("of at most ", rule.max_value);
    return Attribute(rule.key, rule.invert_match, bounds);
  }
  std::string operator()(const config::BooleanAttributeConfig& rule) const {
    return Attribute(rule.key, rule.invert_match, rule.value ? "that is true" : "that is false");
  }
  std::string operator()(const config::StringAttributeConfig& rule) const {
    const std::string values =
        Listed(rule.values, " or ", [](const config::LocatedText& value) { return Quoted(value.text); });
    return Attribute(rule.key, rule.invert_match,
                     absl::StrCat(rule.enabled_regex_matching ? "in which is found " : "that is ", values));
  }
  std::string operator()(const config::RateLimitingConfig& rule) const {
    return absl::StrCat("at most ", rule.spans_per_second, " spans a second");
  }
  std::string operator()(const config::BytesLimitingConfig& rule) const {
    return absl::StrCat("at most ", rule.bytes_per_second, " bytes a second");
  }
  std::string operator()(const config::SpanCountConfig& rule) const {
    const std::string least = absl::StrCat("at least ", rule.min_spans, " spans");
    return rule.max_spans == 0 ? least : absl::StrCat(least, " and at most ", rule.max_spans);
  }
  std::string operator()(const config::TraceStateConfig& rule) const {
    return absl::StrCat("trace state ", Quoted(rule.key), " that is ", Listed(rule.values, " or ", Quoted));
  }
  std::string operator()(const config::TraceFlagsConfig&) const { return "a span with the sampled flag"; }
  std::string operator()(const config::OttlConditionConfig& rule) const {
    const auto text = [](const config::LocatedText& condition) { return Shortened(condition.text, 256); };
    std::vector<std::string> parts;
    if (!rule.span.empty()) parts.push_back("a span for which " + Listed(rule.span, " or ", text));
    if (!rule.span_event.empty()) parts.push_back("an event for which " + Listed(rule.span_event, " or ", text));
    return absl::StrJoin(parts, ", or ");
  }
  std::string operator()(const config::AndConfig& rule) const { return AllOf(rule.sub_policies); }
  std::string operator()(const config::NotConfig& rule) const { return absl::StrCat("not: ", AllOf(rule.sub_policy)); }
  std::string operator()(const config::DropConfig& rule) const {
    return absl::StrCat("drops: ", AllOf(rule.sub_policies));
  }
  std::string operator()(const config::CompositeConfig& rule) const {
    return absl::StrCat("at most ", rule.max_total_spans_per_second, " spans a second, shared by: ",
                        Listed(rule.sub_policies, "; ", [](const config::PolicyConfig& policy) {
                          return absl::StrCat(Quoted(policy.name), " (", RuleText(policy), ")");
                        }));
  }
};

}  // namespace

std::string RuleText(const config::PolicyConfig& policy) { return Shortened(std::visit(RuleWords{}, policy.rule)); }

}  // namespace tailrace

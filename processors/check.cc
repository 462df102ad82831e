#include "processors/check.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "processors/ottl/condition.h"
#include "processors/policies/make_policy.h"
#include "processors/policies/pattern_list.h"

namespace tailrace {
namespace {

constexpr size_t kProblemsMax = 1000;

// Walks over one instance's policies with the path of keys to the present one.
class Checker {
 public:
  Checker(std::string top_name, std::vector<config::Problem>* problems)
      : top_name_(std::move(top_name)), problems_(problems) {}

  void CheckPolicy(const config::PolicyConfig& policy, const std::string& path) {
    std::visit([this, &path](const auto& rule) { Check(rule, path); }, policy.rule);
  }

 private:
  void Check(const config::StringAttributeConfig& rule, const std::string& path) {
    if (!rule.enabled_regex_matching) return;
    for (size_t i = 0; i < rule.values.size(); ++i) {
      PatternList patterns(1);
      const absl::Status status = patterns.Add(rule.values[i].text);
      if (status.ok()) continue;
      Report(rule.values[i], absl::StrCat(path, "::string_attribute::values[", i, "]"),
             absl::StrCat("invalid regex `", rule.values[i].text.substr(0, 200), "`: ", status.message()));
    }
  }
  void Check(const config::OttlConditionConfig& rule, const std::string& path) {
    CheckConditions(rule.span, ottl::Context::kSpan, absl::StrCat(path, "::ottl_condition::span"));
    CheckConditions(rule.span_event, ottl::Context::kSpanEvent, absl::StrCat(path, "::ottl_condition::spanevent"));
  }
  void Check(const config::AndConfig& rule, const std::string& path) {
    CheckAll(rule.sub_policies, absl::StrCat(path, "::and::and_sub_policy"));
  }
  void Check(const config::DropConfig& rule, const std::string& path) {
    CheckAll(rule.sub_policies, absl::StrCat(path, "::drop::drop_sub_policy"));
  }
  void Check(const config::CompositeConfig& rule, const std::string& path) {
    CheckAll(rule.sub_policies, absl::StrCat(path, "::composite::composite_sub_policy"));
  }
  void Check(const config::NotConfig& rule, const std::string& path) {
    for (const config::PolicyConfig& policy : rule.sub_policy) {
      CheckPolicy(policy, absl::StrCat(path, "::not::not_sub_policy"));
    }
  }
  // All others have nothing to compile.
  template <class Rule>
  void Check(const Rule&, const std::string&) {}

  void CheckAll(const std::vector<config::PolicyConfig>& policies, const std::string& path) {
    for (size_t i = 0; i < policies.size(); ++i) CheckPolicy(policies[i], absl::StrCat(path, "[", i, "]"));
  }
  void CheckConditions(const std::vector<config::LocatedText>& conditions, ottl::Context context,
                       const std::string& path) {
    AttributeKeys keys;
    for (size_t i = 0; i < conditions.size(); ++i) {
      const auto compiled = ottl::Condition::Compile(conditions[i].text, context, &keys);
      if (compiled.ok()) continue;
      Report(conditions[i], absl::StrCat(path, "[", i, "]"),
             absl::StrCat("unable to parse OTTL condition \"", conditions[i].text.substr(0, 200),
                          "\": ", compiled.status().message()));
    }
  }
  void Report(const config::LocatedText& text, std::string key, const std::string& why) {
    if (problems_->size() >= kProblemsMax) return;
    config::Problem problem;
    problem.at = text.at;
    problem.key = std::move(key);
    problem.message = absl::StrCat("failed to create policy evaluator for \"", top_name_, "\": ", why);
    problems_->push_back(std::move(problem));
  }

  std::string top_name_;
  std::vector<config::Problem>* problems_;
};

}  // namespace

std::vector<config::Problem> CheckPolicies(const config::Config& config) {
  std::vector<config::Problem> problems;
  for (const config::TailSamplingConfig& instance : config.tail_samplings) {
    for (size_t i = 0; i < instance.policies.size(); ++i) {
      const config::PolicyConfig& policy = instance.policies[i];
      if (instance.sampling_strategy == config::SamplingStrategy::kSpanIngest && IsStateful(policy)) {
        problems.push_back({.at = policy.at,
                            .key = absl::StrCat("processors::", instance.id.text, "::policies[", i, "]"),
                            .message = absl::StrCat("sampling_strategy \"span-ingest\" requires all policies to be "
                                                    "stateless, but policy \"",
                                                    policy.name, "\" is stateful")});
      }
      Checker(policy.name, &problems)
          .CheckPolicy(policy, absl::StrCat("processors::", instance.id.text, "::policies[", i, "]"));
    }
  }
  return problems;
}

}  // namespace tailrace

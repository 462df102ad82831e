#include "bench/made_policies.h"

#include <chrono>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace tailrace {
namespace {

using config::AndConfig;
using config::LatencyConfig;
using config::NumericAttributeConfig;
using config::OttlConditionConfig;
using config::ProbabilisticConfig;
using config::StringAttributeConfig;

std::vector<config::LocatedText> Texts(std::initializer_list<const char*> texts) {
  std::vector<config::LocatedText> located;
  for (const char* text : texts) located.emplace_back().text = text;
  return located;
}

// One by one: a list of them in braces is more than the compiler sees through.
class Policies {
 public:
  template <typename Rule>
  Policies& Add(std::string name, Rule rule) {
    config::PolicyConfig& policy = made_.emplace_back();
    policy.name = std::move(name);
    policy.rule = std::move(rule);
    return *this;
  }
  std::vector<config::PolicyConfig> Take() { return std::move(made_); }

 private:
  std::vector<config::PolicyConfig> made_;
};

StringAttributeConfig Text(const char* key, std::initializer_list<const char*> values, bool regex = false) {
  StringAttributeConfig text;
  text.key = key;
  text.values = Texts(values);
  text.enabled_regex_matching = regex;
  return text;
}

NumericAttributeConfig Number(const char* key, int64_t min, int64_t max) {
  return {.key = key, .min_value = min, .max_value = max};
}

OttlConditionConfig Condition(const char* condition) {
  OttlConditionConfig made;
  made.span = Texts({condition});
  return made;
}

constexpr char kStatus[] = "http.response.status_code";

}  // namespace

config::TailSamplingConfig ThreePolicies() {
  config::TailSamplingConfig sampling;
  sampling.policies = Policies()
                          .Add("slow", LatencyConfig{.threshold_ms = 500})
                          .Add("errors", config::StatusCodeConfig{{"ERROR"}})
                          .Add("some", ProbabilisticConfig{.sampling_percentage = 1})
                          .Take();
  return sampling;
}

config::TailSamplingConfig TenPolicies() {
  AndConfig shop_and_slow, some_good;
  shop_and_slow.sub_policies =
      Policies().Add("a", Text("service.namespace", {"shop"})).Add("b", LatencyConfig{.threshold_ms = 500}).Take();
  some_good.sub_policies =
      Policies().Add("a", Number(kStatus, 1, 299)).Add("b", ProbabilisticConfig{.sampling_percentage = 1}).Take();
  config::TailSamplingConfig sampling;
  sampling.policies =
      Policies()
          .Add("text-1", Text("url.path", {"/pay", "/refund"}))
          .Add("text-2", Text("service.version", {"2.0.0"}))
          .Add("text-3", Text("http.request.method", {"^DEL.*"}, /*regex=*/true))
          .Add("number-1", Number(kStatus, 500, 599))
          .Add("number-2", Number("queue.depth", 100, 0))
          .Add("and-1", shop_and_slow)
          .Add("and-2", some_good)
          .Add("condition-1",
               Condition(R"(attributes["http.response.status_code"] >= 500 and kind == SPAN_KIND_SERVER)"))
          .Add("condition-2", Condition(R"(name == "refund" or resource.attributes["service.name"] == "ledger")"))
          .Add("condition-3", Condition("end_time_unix_nano - start_time_unix_nano > 10000000000"))
          .Take();
  return sampling;
}

config::SpanMetricsConfig MadeConnector(bool dimension) {
  config::SpanMetricsConfig connector;
  for (const int ms : {2, 4, 6, 8, 10, 50, 100, 200, 400, 800, 1000, 1400, 2000, 5000, 10'000, 15'000}) {
    connector.buckets.push_back(std::chrono::milliseconds(ms));
  }
  if (dimension) connector.dimensions = {{"http.route", "none"}};
  return connector;
}

}  // namespace tailrace

#include "processors/policies/make_policy.h"

#include <utility>
#include <vector>

#include "processors/policies/always_sample.h"
#include "processors/policies/and.h"
#include "processors/policies/latency.h"
#include "processors/policies/probabilistic.h"
#include "processors/policies/status_code.h"

namespace tailrace {
namespace {

struct Maker {
  std::unique_ptr<Policy> operator()(const config::AlwaysSampleConfig&) const {
    return std::make_unique<AlwaysSamplePolicy>();
  }
  std::unique_ptr<Policy> operator()(const config::LatencyConfig& rule) const {
    return std::make_unique<LatencyPolicy>(rule.threshold_ms, rule.upper_threshold_ms);
  }
  std::unique_ptr<Policy> operator()(const config::StatusCodeConfig& rule) const {
    return std::make_unique<StatusCodePolicy>(rule.status_codes);
  }
  std::unique_ptr<Policy> operator()(const config::ProbabilisticConfig& rule) const {
    return std::make_unique<ProbabilisticPolicy>(rule.hash_salt, rule.sampling_percentage);
  }
  std::unique_ptr<Policy> operator()(const config::AndConfig& rule) const {
    std::vector<std::unique_ptr<Policy>> policies;
    for (const config::PolicyConfig& policy : rule.sub_policies) policies.push_back(MakePolicy(policy));
    return std::make_unique<AndPolicy>(std::move(policies));
  }
};

}  // namespace

std::unique_ptr<Policy> MakePolicy(const config::PolicyConfig& config) { return std::visit(Maker{}, config.rule); }

}  // namespace tailrace

// The option tables of the policies, between the files that declare them (attribute_policies.cc, leaf_policies.cc,
// combinators.cc) and the list of all types (policies.cc).
#pragma once

#include <string>
#include <vector>

#include "config/options/options.h"

namespace tailrace::config {

Schema<AlwaysSampleConfig> AlwaysSampleOptions();
Schema<LatencyConfig> LatencyOptions();
Schema<StatusCodeConfig> StatusCodeOptions();
Schema<ProbabilisticConfig> ProbabilisticOptions();
Schema<RateLimitingConfig> RateLimitingOptions();
Schema<BytesLimitingConfig> BytesLimitingOptions();
Schema<SpanCountConfig> SpanCountOptions();

Schema<NumericAttributeConfig> NumericAttributeOptions();
Schema<BooleanAttributeConfig> BooleanAttributeOptions();
Schema<StringAttributeConfig> StringAttributeOptions();
Schema<TraceStateConfig> TraceStateOptions();
Schema<TraceFlagsConfig> TraceFlagsOptions();
Schema<OttlConditionConfig> OttlConditionOptions();

Schema<AndConfig> AndOptions();
Schema<NotConfig> NotOptions();
Schema<DropConfig> DropOptions();
Schema<CompositeConfig> CompositeOptions();

// Where a list of policies stands, which decides what types it may hold. Only at the top must names be given and
// unique: they alone are in the metrics.
enum class PolicyLevel : uint8_t { kTop, kInAnd, kInComposite, kInNot };

void LoadPolicyList(const Node& list, const Scope& scope, PolicyLevel level, std::vector<PolicyConfig>* policies);
// One policy, appended to `policies` where it could be read.
void LoadPolicy(const Node& policy, const Scope& scope, PolicyLevel level, std::vector<PolicyConfig>* policies);
Node PrintPolicy(const PolicyConfig& policy);

}  // namespace tailrace::config

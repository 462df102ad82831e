// The one list of policies: from a configured rule to the object that judges by it.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "config/model.h"
#include "processors/policies/budgets.h"
#include "processors/policy.h"
#include "processors/spans/span_questions.h"

namespace tailrace {

// What policies are built with; both outlive them.
struct PolicyParts {
  SpanQuestions* questions = nullptr;
  Budgets* budgets = nullptr;
  size_t next_bucket = 0;  // running numbers for Budgets
  size_t next_composite = 0;
};

// The configuration has been validated (CheckPolicies too), so this cannot fail.
std::unique_ptr<Policy> MakePolicy(const config::PolicyConfig& config, PolicyParts* parts);

// Whether the policy's vote on a part of a trace may differ from that on the whole in a way that a policy of the
// Collector declares: sampling_strategy span-ingest refuses these.
bool IsStateful(const config::PolicyConfig& config);

// Whether a policy looks at the trace's size, which then has to be counted as the Collector does.
bool ReadsSizes(const config::PolicyConfig& config);

// The shortest duration for which a latency policy would keep a trace, in nanoseconds; INT64_MAX where none would.
int64_t ShortestSlowNs(const std::vector<config::PolicyConfig>& policies);

}  // namespace tailrace

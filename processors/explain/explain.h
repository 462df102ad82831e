// Explain: why a policy voted as it did on one trace: its rule in words, the value that decided, and the span that had
// it.
//
// The vote that was recorded is the truth. The explanation is found afterwards, out of what is still known, by the same
// questions that the policy asks; where it would come to another vote (the policy judged a part of the trace, or its
// spans in another order) it says nothing but the rule. Pure; any thread. Costs what judging the trace costs, and
// building the policy.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "config/model.h"
#include "processors/explain/known_trace.h"
#include "processors/policy.h"

namespace tailrace {

// The span that decided. Texts are shortened and may hold any bytes.
struct DecidingSpan {
  std::string span_id;  // as on the wire, at most 16 bytes
  std::string service;
  std::string operation;
};

struct Explanation {
  std::string rule;
  std::string value;  // empty: there is none to show
  std::optional<DecidingSpan> span;
};

// `vote` nothing: the policy was not asked. `child`: of a `composite` that sampled, which of its policies it was; -1:
// not known.
Explanation Explain(const config::PolicyConfig& policy, const KnownTrace& trace, std::optional<Vote> vote,
                    int32_t child = -1);

}  // namespace tailrace

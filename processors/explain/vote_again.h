// VoteAgain: how a policy votes on a trace that was decided earlier, where that can still be told. Pure; any thread.
#pragma once

#include <optional>

#include "config/model.h"
#include "processors/explain/known_trace.h"
#include "processors/policy.h"

namespace tailrace {

// Nothing: what the policy went by is gone: the budget of a past moment, or spans that are not stored any more.
std::optional<Vote> VoteAgain(const config::PolicyConfig& policy, const KnownTrace& trace);

}  // namespace tailrace

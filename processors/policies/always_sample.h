// `always_sample`: keeps every trace.
#pragma once

#include "processors/policy.h"

namespace tailrace {

class AlwaysSamplePolicy final : public Policy {
 public:
  Vote Evaluate(const TraceView&) override { return Vote::kSampled; }
};

}  // namespace tailrace

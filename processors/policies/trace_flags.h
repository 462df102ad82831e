// `trace_flags`: keeps traces with a span whose W3C sampled flag is set.
#pragma once

#include "processors/policy.h"

namespace tailrace {

class TraceFlagsPolicy final : public Policy {
 public:
  Vote Evaluate(const TraceView& trace) override {
    return (trace.facts.seen & kSeenSampledFlag) != 0 ? Vote::kSampled : Vote::kNotSampled;
  }
};

}  // namespace tailrace

// `span_count`: keeps traces whose number of spans lies within bounds, both inclusive.
#pragma once

#include "processors/policy.h"

namespace tailrace {

class SpanCountPolicy final : public Policy {
 public:
  // `max_spans` 0: no upper bound.
  SpanCountPolicy(int32_t min_spans, int32_t max_spans) : min_spans_(min_spans), max_spans_(max_spans) {}

  Vote Evaluate(const TraceView& trace) override {
    const int64_t spans = trace.facts.span_count;
    return spans >= min_spans_ && (max_spans_ == 0 || spans <= max_spans_) ? Vote::kSampled : Vote::kNotSampled;
  }

 private:
  int64_t min_spans_;
  int64_t max_spans_;
};

}  // namespace tailrace

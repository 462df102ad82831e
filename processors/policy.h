// Policy: one rule of `tail_sampling`, asked once for each whole trace. Pure: no threads, sockets or clocks; what it
// needs of time comes in with the question. Single-writer: an instance belongs to one shard.
//
// To add a policy: one file in policies/, one line in policies/make_policy.cc, one test (docs/ADD-A-POLICY.md).
#pragma once

#include <cstdint>
#include <string>

#include "base/trace_id.h"
#include "processors/chance.h"
#include "processors/facts.h"
#include "processors/spans/stored_span.h"

namespace tailrace {

// What a policy says of a trace. An error is no vote: it neither keeps nor drops.
enum class Vote : uint8_t { kNotSampled, kSampled, kDropped, kError };

// A trace as a policy sees it. Spans are read through the SpanQuestions that the policy was built with.
struct TraceView {
  const TraceId& id;
  const TraceFacts& facts;
  TraceSpans* spans = nullptr;    // null: none to be had
  int64_t now_ns = 0;             // steady, for rates
  int64_t unix_s = 0;             // calendar seconds, for `composite`
  uint64_t (*ticks)() = nullptr;  // a clock for what policies cost; null: not measured
};

class Policy {
 public:
  virtual ~Policy() = default;
  virtual Vote Evaluate(const TraceView& trace) = 0;
  // A drop policy is asked before all others, and its kDropped ends the evaluation.
  virtual bool IsDrop() const { return false; }
  // Of a `composite` whose last vote was kSampled: which of its policies it was; -1: not a composite.
  virtual int32_t sampled_child() const { return -1; }

  // Whether the trace alone decides the vote: no draw, and no limit that others take from.
  virtual bool IsCertain() const { return true; }
  // How likely it was to keep (a drop policy: to drop) a trace like that, asked after Evaluate() for the same trace.
  // Changes nothing.
  virtual Chance ChanceOf(const TraceView& trace) {
    return {.share = Evaluate(trace) == Vote::kSampled ? 1.0 : 0.0, .salt = 0};
  }
};

}  // namespace tailrace

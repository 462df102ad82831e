// `rate_limiting` and `bytes_limiting`: keep traces while a token bucket holds their spans, or their bytes.
//
// Such a policy keeps the share that it has let pass lately, see KeptShare.
//
// The bucket is charged whenever the policy is asked and votes for the trace, whether or not another one keeps it too.
#pragma once

#include <memory>
#include <utility>

#include "processors/policies/kept_share.h"
#include "processors/policies/token_bucket.h"
#include "processors/policy.h"

namespace tailrace {

class RateLimitingPolicy final : public Policy {
 public:
  explicit RateLimitingPolicy(std::shared_ptr<TokenBucket> bucket) : bucket_(std::move(bucket)) {}

  Vote Evaluate(const TraceView& trace) override {
    const bool kept = bucket_->Take(trace.now_ns, trace.facts.span_count);
    share_.Add(trace.now_ns, trace.facts.span_count, kept);
    return kept ? Vote::kSampled : Vote::kNotSampled;
  }
  bool IsCertain() const override { return false; }
  Chance ChanceOf(const TraceView&) override { return {.share = share_.Get(), .salt = 0}; }

 private:
  std::shared_ptr<TokenBucket> bucket_;
  KeptShare share_;
};

// The size is that of the trace's pieces as messages, as they arrived.
class BytesLimitingPolicy final : public Policy {
 public:
  explicit BytesLimitingPolicy(std::shared_ptr<TokenBucket> bucket) : bucket_(std::move(bucket)) {}

  Vote Evaluate(const TraceView& trace) override {
    const uint64_t bytes = trace.facts.bytes + trace.facts.frame_bytes;
    const bool kept = bucket_->Take(trace.now_ns, static_cast<int64_t>(bytes));
    share_.Add(trace.now_ns, trace.facts.span_count, kept);  // calls are spans
    return kept ? Vote::kSampled : Vote::kNotSampled;
  }
  bool IsCertain() const override { return false; }
  Chance ChanceOf(const TraceView&) override { return {.share = share_.Get(), .salt = 0}; }

 private:
  std::shared_ptr<TokenBucket> bucket_;
  KeptShare share_;
};

}  // namespace tailrace

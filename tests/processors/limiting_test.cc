#include "processors/policies/limiting.h"

#include <gtest/gtest.h>

#include "processors/engine.h"
#include "tests/processors/span_builder.h"

namespace tailrace {
namespace {

constexpr int64_t kMs = 1'000'000;
constexpr int64_t kStart = 1'000'000 * kMs;

TEST(TokenBucket, StartsFullAndGainsByTime) {
  TokenBucket bucket(4, 2);
  EXPECT_TRUE(bucket.Take(kStart, 2));
  EXPECT_FALSE(bucket.Take(kStart, 1));
  EXPECT_FALSE(bucket.Take(kStart + 249 * kMs, 1));
  EXPECT_TRUE(bucket.Take(kStart + 250 * kMs, 1));
  EXPECT_FALSE(bucket.Take(kStart + 499 * kMs, 1));
  EXPECT_TRUE(bucket.Take(kStart + 10'000 * kMs, 2));
  EXPECT_FALSE(bucket.Take(kStart + 10'000 * kMs, 1)) << "no more than the burst is saved up";
}

TEST(TokenBucket, BurstIsTwiceTheRateUnlessGiven) {
  TokenBucket bucket(2, 0);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(bucket.Take(kStart, 1));
  EXPECT_FALSE(bucket.Take(kStart, 1));
  EXPECT_TRUE(TokenBucket(1, -1).Take(kStart, 2));
}

TEST(TokenBucket, MoreThanTheBurstNeverPasses) {
  TokenBucket bucket(1000, 5);
  EXPECT_FALSE(bucket.Take(kStart, 6));
  EXPECT_FALSE(bucket.Take(kStart + 3'600'000 * kMs, 6));
  EXPECT_TRUE(bucket.Take(kStart + 3'600'000 * kMs, 5)) << "a refusal takes nothing";
}

TEST(TokenBucket, LessThanANanosecondMissingIsNotMissing) {
  TokenBucket bucket(3, 1);
  EXPECT_TRUE(bucket.Take(kStart, 1));
  EXPECT_FALSE(bucket.Take(kStart + 333'333'332, 1)) << "1.33 ns early";
  EXPECT_TRUE(bucket.Take(kStart + 333'333'333, 1)) << "a third of a nanosecond early";
}

TEST(TokenBucket, OfNoRatePassesItsBurstOnce) {
  TokenBucket bucket(0, 3), nothing(0, 0), negative(-5, 0);
  EXPECT_TRUE(bucket.Take(kStart, 3));
  EXPECT_FALSE(bucket.Take(kStart + 3'600'000 * kMs, 1));
  EXPECT_FALSE(nothing.Take(kStart, 1));
  EXPECT_FALSE(negative.Take(kStart, 1));
}

TEST(TokenBucket, TimeThatRunsBackGainsNothing) {
  TokenBucket bucket(10, 10);
  EXPECT_TRUE(bucket.Take(kStart, 10));
  EXPECT_FALSE(bucket.Take(kStart - 1000 * kMs, 1));
  EXPECT_FALSE(bucket.Take(kStart + 50 * kMs, 1));
  EXPECT_TRUE(bucket.Take(kStart + 100 * kMs, 1));
}

TEST(TokenBucket, LargestRatesDoNotOverflow) {
  TokenBucket bucket(INT64_MAX, 0);
  EXPECT_TRUE(bucket.Take(0, INT64_MAX));
  EXPECT_TRUE(bucket.Take(INT64_MAX, INT64_MAX));
}

Vote Judge(Policy* policy, uint32_t spans) {
  TraceFacts facts;
  facts.span_count = spans;
  return policy->Evaluate({.id = TraceId(), .facts = facts, .now_ns = kStart});
}

TEST(RateLimitingPolicy, CountsSpans) {
  RateLimitingPolicy policy(std::make_shared<TokenBucket>(3, 3));
  EXPECT_EQ(Judge(&policy, 3), Vote::kSampled);
  EXPECT_EQ(Judge(&policy, 1), Vote::kNotSampled);
}

TEST(BytesLimitingPolicy, ChargesTheTraceWithItsFrames) {
  BytesLimitingPolicy policy(std::make_shared<TokenBucket>(1, 87));
  TraceFacts facts;
  facts.bytes = 40;
  facts.frame_bytes = 4;
  EXPECT_EQ(policy.Evaluate({.id = TraceId(), .facts = facts, .now_ns = kStart}), Vote::kSampled);
  EXPECT_EQ(policy.Evaluate({.id = TraceId(), .facts = facts, .now_ns = kStart}), Vote::kNotSampled);
}

TEST(Budgets, HoldForAllEnginesOfAnInstanceTogether) {
  config::TailSamplingConfig config;
  config.policies = {{.name = "a", .rule = config::RateLimitingConfig{1, 2}},
                     {.name = "b", .rule = config::RateLimitingConfig{1, 1}}};
  const auto budgets = std::make_shared<Budgets>();
  Engine first(config, budgets), second(config, budgets), alone(config);
  TraceFacts facts;
  facts.span_count = 1;
  const TraceView trace{.id = TraceId(), .facts = facts, .now_ns = kStart};
  EXPECT_EQ(first.Decide(trace).policy, 0);
  EXPECT_EQ(second.Decide(trace).policy, 0);
  EXPECT_EQ(second.policies()[1].not_sampled, 1u);
  EXPECT_EQ(first.Decide(trace).policy, -1);
  EXPECT_EQ(alone.Decide(trace).policy, 0);
}

}  // namespace
}  // namespace tailrace

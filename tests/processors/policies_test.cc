#include <gtest/gtest.h>

#include "base/hash.h"
#include "processors/policies/latency.h"
#include "processors/policies/probabilistic.h"
#include "processors/policies/status_code.h"

namespace tailrace {
namespace {

constexpr uint64_t kMs = 1'000'000;
constexpr uint64_t kBase = 1'700'000'000'000'000'000;

TraceId Id(uint64_t number) {
  TraceId id;
  for (int i = 0; i < 8; ++i) id.bytes[15 - i] = static_cast<uint8_t>(number >> (8 * i));
  return id;
}

Vote Judge(Policy& policy, const TraceFacts& facts) { return policy.Evaluate({Id(1), facts}); }

TraceFacts Spans(std::initializer_list<std::pair<uint64_t, uint64_t>> times) {
  TraceFacts facts;
  for (const auto& [start, end] : times) {
    facts.time.Add(start, end);
    ++facts.span_count;
  }
  return facts;
}

TEST(LatencyPolicy, LowerBoundIsExclusive) {
  LatencyPolicy policy(5000, 0);
  EXPECT_EQ(Judge(policy, Spans({{kBase, kBase + 4500 * kMs}})), Vote::kNotSampled);
  EXPECT_EQ(Judge(policy, Spans({{kBase, kBase + 5000 * kMs}})), Vote::kNotSampled);
  EXPECT_EQ(Judge(policy, Spans({{kBase, kBase + 5000 * kMs + kMs - 1}})), Vote::kNotSampled) << "cut to whole ms";
  EXPECT_EQ(Judge(policy, Spans({{kBase, kBase + 5001 * kMs}})), Vote::kSampled);
}

TEST(LatencyPolicy, RunsFromEarliestStartToLatestEnd) {
  LatencyPolicy policy(5000, 0);
  EXPECT_EQ(Judge(policy, Spans({{kBase, kBase + 3000 * kMs}, {kBase + 2500 * kMs, kBase + 5500 * kMs}})),
            Vote::kSampled);
}

TEST(LatencyPolicy, UpperBoundIsInclusiveAndJudgesTheWholeTrace) {
  LatencyPolicy policy(5000, 10000);
  EXPECT_EQ(Judge(policy, Spans({{kBase, kBase + 5001 * kMs}})), Vote::kSampled);
  EXPECT_EQ(Judge(policy, Spans({{kBase, kBase + 10000 * kMs}})), Vote::kSampled);
  EXPECT_EQ(Judge(policy, Spans({{kBase, kBase + 10001 * kMs}})), Vote::kNotSampled);
  LatencyPolicy narrow(0, 50);
  EXPECT_EQ(Judge(narrow, Spans({{kBase, kBase + 40 * kMs}, {kBase, kBase + 200 * kMs}})), Vote::kNotSampled);
}

TEST(LatencyPolicy, EndBeforeStartIsNoDuration) {
  LatencyPolicy policy(0, 0);
  EXPECT_EQ(Judge(policy, Spans({{kBase + kMs, kBase}})), Vote::kNotSampled);
}

TEST(LatencyPolicy, AStartOfZeroCountsFromTheEpochUntilTheNextSpan) {
  LatencyPolicy policy(1000, 0);
  EXPECT_EQ(Judge(policy, Spans({{0, kBase}})), Vote::kSampled);
  EXPECT_EQ(Judge(policy, Spans({{0, kBase}, {kBase, kBase + kMs}})), Vote::kSampled) << "the first prefix was enough";
  EXPECT_EQ(Judge(policy, Spans({{0, 0}, {kBase, kBase + kMs}})), Vote::kNotSampled);
}

TEST(LatencyPolicy, TimesPastTheSignedRangeSaturate) {
  LatencyPolicy policy(0, 0);
  EXPECT_EQ(Judge(policy, Spans({{kBase, UINT64_MAX}})), Vote::kNotSampled) << "reads as 1 ns before 1970";
  EXPECT_EQ(Judge(policy, Spans({{UINT64_MAX, kBase}})), Vote::kSampled);
  EXPECT_EQ(Judge(policy, Spans({{uint64_t{1} << 63, kBase}})), Vote::kSampled) << "saturates, does not wrap";
}

TEST(StatusCodePolicy, AnySpanWithAListedCode) {
  StatusCodePolicy policy({"ERROR", "UNSET"});
  TraceFacts facts;
  facts.seen = kSeenStatusOk;
  EXPECT_EQ(Judge(policy, facts), Vote::kNotSampled);
  facts.seen |= kSeenStatusUnset;
  EXPECT_EQ(Judge(policy, facts), Vote::kSampled);
}

TEST(ProbabilisticPolicy, ThresholdIsExact) {
  EXPECT_EQ(ProbabilisticPolicy::Threshold(100), UINT64_MAX);
  EXPECT_EQ(ProbabilisticPolicy::Threshold(150), UINT64_MAX);
  EXPECT_EQ(ProbabilisticPolicy::Threshold(0), 0u);
  EXPECT_EQ(ProbabilisticPolicy::Threshold(-50), 0u);
  EXPECT_EQ(ProbabilisticPolicy::Threshold(50), UINT64_MAX / 2);
  EXPECT_EQ(ProbabilisticPolicy::Threshold(25), UINT64_MAX / 4);
  EXPECT_EQ(ProbabilisticPolicy::Threshold(1e-300), 0u);
}

TEST(ProbabilisticPolicy, KeepsItsShareAndAnswersAlikeForOneId) {
  for (const char* salt : {"", "other"}) {
    ProbabilisticPolicy policy(salt, 25), same(salt, 25);
    int kept = 0;
    for (uint64_t i = 1; i <= 100'000; ++i) {
      const Vote vote = policy.Evaluate({Id(i * 0x9E3779B97F4A7C15ULL), {}});
      EXPECT_EQ(vote, same.Evaluate({Id(i * 0x9E3779B97F4A7C15ULL), {}}));
      kept += vote == Vote::kSampled;
    }
    EXPECT_NEAR(kept, 25'000, 600);
  }
}

}  // namespace
}  // namespace tailrace

// What a sampler says of how well its kept traces stand for all.
#include <string>
#include <utility>

#include "tests/collector/shard/sampler_fixture.h"

namespace tailrace {
namespace {

class SamplerEstimateTest : public SamplerTest {
 protected:
  SamplerEstimateTest() { options_.estimates.rows = 8; }

  ServiceEstimate Of(const std::string& service) {
    std::vector<ServiceEstimate> sums;
    sampler_->AddRecentEstimates(now_ns_, &sums);
    for (const ServiceEstimate& sum : sums) {
      if (sum.service == service) return sum;
    }
    return {};
  }
  // One trace of two services: `a` has three spans of it, in two runs, and `b` two.
  void SendTwoServices(uint64_t trace, int status) {
    Send(OtlpRequest()
             .Service("a")
             .Span(Span(trace, 1, status))
             .Span(Span(trace, 2))
             .Service("b")
             .Span(Span(trace, 3))
             .Span(Span(trace, 4))
             .Service("a")
             .Span(Span(trace, 5))
             .Bytes());
  }
};

TEST_F(SamplerEstimateTest, ADeterministicPolicyAloneIsOffByWhatItLeavesOutExactly) {
  Make();
  for (uint64_t trace = 1; trace <= 8; ++trace) SendTwoServices(trace, trace <= 2 ? kError : 0);
  EXPECT_EQ(Of("a").decided_calls, 0u) << "nothing is decided yet";
  Pass(10s);
  EXPECT_EQ(Of("a").decided_calls, 24u);
  EXPECT_EQ(Of("a").estimated_calls, 6);
  EXPECT_EQ(Of("b").decided_calls, 16u);
  EXPECT_EQ(ErrorRatio(Of("b")), -0.75);
}

TEST_F(SamplerEstimateTest, ADrawIsRightOnAverage) {
  config_.policies = {{.name = "draw", .rule = config::ProbabilisticConfig{"", 10}}};
  options_.traces_max = 100'000;
  Make(1 << 27);
  for (uint64_t trace = 1; trace <= 20'000; ++trace) SendTwoServices(trace * 0x9E3779B97F4A7C15ULL, 0);
  Pass(10s);
  EXPECT_EQ(Of("a").decided_calls, 60'000u);
  EXPECT_NEAR(ErrorRatio(Of("a")), 0, 0.06);
  EXPECT_NE(ErrorRatio(Of("a")), 0) << "it is an estimate";
  EXPECT_NEAR(Of("b").estimated_calls / Of("a").estimated_calls, 2.0 / 3, 1e-9);
}

TEST_F(SamplerEstimateTest, UndecidedTracesAreOnNeitherSide) {
  Make();
  Send(Span(1, 1, kError));
  Pass(9s);
  Send(Span(2, 1, kError));
  Send(Span(3, 1));
  Pass(1s);
  EXPECT_EQ(Stats().in_table_traces, 2u);
  EXPECT_EQ(Of("a").decided_calls, 0u) << "of the same window some wait yet";
  Pass(9s);
  EXPECT_EQ(Of("a").decided_calls, 3u);
  EXPECT_EQ(Of("a").estimated_calls, 2);
}

TEST_F(SamplerEstimateTest, WhileTracesWaitTheWindowsBeforeThemAreShown) {
  Make();
  Send(Span(1, 1, kError));
  Pass(31s);
  Send(Span(2, 1));
  EXPECT_EQ(Of("a").decided_calls, 1u);
  EXPECT_EQ(ErrorRatio(Of("a")), 0);
  Pass(10s);
  EXPECT_EQ(ErrorRatio(Of("a")), -0.5);
}

TEST_F(SamplerEstimateTest, SpansOfATraceCountWhereItBegan) {
  Make();
  now_ns_ = EstimateTable::kWindowNs - 1'000'000'000;
  Send(Span(1, 1));
  Pass(5s);
  Send(Span(1, 2, kError));
  Send(Span(2, 1));
  Pass(5s);
  EXPECT_EQ(Of("a").decided_calls, 2u) << "both of the first trace";
  EXPECT_EQ(ErrorRatio(Of("a")), 0);
}

TEST_F(SamplerEstimateTest, LateSpansAreOnNeitherSide) {
  options_.sampled_cache_size = options_.non_sampled_cache_size = 100;
  Make();
  Send(Span(1, 1, kError));
  Send(Span(2, 1));
  Pass(10s);
  Send(Span(1, 2));
  Send(Span(2, 2));
  EXPECT_EQ(Stats().late_sampled_spans + Stats().late_not_sampled_spans, 2u);
  EXPECT_EQ(Of("a").decided_calls, 2u);
  EXPECT_EQ(Of("a").estimated_calls, 1);
}

TEST_F(SamplerEstimateTest, WhatIsLostBeforeADecisionIsMissing) {
  config_.policies = {{.name = "all", .rule = config::AlwaysSampleConfig{}}};
  config_.maximum_trace_size_bytes = 1'000;
  Make();
  Send(Span(1, 1));
  Send(OtlpRequest().Service("a").Span(Span(2, 1)).Span(Span(2, 2)).Span(Span(2, 3)).Span(Span(2, 4)).Bytes());
  Send(OtlpRequest().Service("a").Span(OtlpSpan(3, 1, std::string(2'000, 'x')).Times(1, 2)).Bytes());
  Pass(10s);
  EXPECT_EQ(Stats().too_large_traces, 1u);
  EXPECT_EQ(Of("a").decided_calls, 6u);
  EXPECT_EQ(Of("a").estimated_calls, 5);
}

TEST_F(SamplerEstimateTest, ServicesBeyondTheRowsAreCountedTogether) {
  Make();
  for (uint64_t i = 1; i <= 100; ++i) {
    Send(OtlpRequest().Service("s" + std::to_string(i)).Span(Span(i, 1, kError)).Bytes());
  }
  Pass(10s);
  EXPECT_EQ(Of("s1").decided_calls, 1u);
  EXPECT_EQ(Of("other").decided_calls, 93u);
  EXPECT_EQ(Of("other").estimated_calls, 93);
}

TEST_F(SamplerEstimateTest, FiveMinutesLaterNothingIsShown) {
  Make();
  Send(Span(1, 1, kError));
  Pass(10s);
  EXPECT_EQ(Of("a").decided_calls, 1u);
  Pass(340s);
  EXPECT_EQ(Of("a").decided_calls, 0u);
}

TEST_F(SamplerEstimateTest, WhereAPieceDecidesThereIsNone) {
  config_.sampling_strategy = config::SamplingStrategy::kSpanIngest;
  Make();
  Send(Span(1, 1, kError));
  Pass(10s);
  EXPECT_EQ(Of("a").decided_calls, 0u);
}

}  // namespace
}  // namespace tailrace

// What a sampler remembers of its decisions, and what it says of a trace when asked.
#include "collector/shard/framed_spans.h"
#include "tests/collector/shard/sampler_fixture.h"

namespace tailrace {
namespace {

class SamplerJournalTest : public SamplerTest {
 protected:
  SamplerJournalTest() { options_.journal_bytes = 1 << 20; }

  TraceLook Look(uint64_t trace) {
    const TraceId id = TraceId::FromBytes(testing::TestId(16, trace).data());
    const uint64_t hash = hasher_(id);
    return sampler_->Look(id, same_low_half_ ? hash << 32 | 7 : hash);
  }
  static uint32_t CountSpans(const std::string& request) {
    FramedSpans spans(request);
    StoredSpan span;
    uint32_t count = 0;
    while (spans.Next(&span)) ++count;
    return count;
  }
};

TEST_F(SamplerJournalTest, SaysWhereATraceStands) {
  Make();
  Send(Span(1, 1, kError));
  Send(OtlpRequest().Service("b").Span(Span(1, 2)).Span(Span(2, 1)).Bytes());
  TraceLook look = Look(1);
  EXPECT_EQ(look.state, TraceState::kUndecided);
  EXPECT_EQ(look.deadline_ns, now_ns_ + 10'000'000'000);
  EXPECT_EQ(look.record.span_count, 2u);
  EXPECT_EQ(CountSpans(look.spans), 2u);
  EXPECT_FALSE(look.spans_cut);
  EXPECT_EQ(Look(3).state, TraceState::kNeverSeen);

  Pass(10s);
  look = Look(1);
  EXPECT_EQ(look.state, TraceState::kKept);
  EXPECT_EQ(look.record.decided_ns, now_ns_);
  EXPECT_EQ(look.record.policy, 0u);
  EXPECT_EQ(look.record.votes.Get(0), Vote::kSampled);
  EXPECT_EQ(look.record.cause, kCauseNone);
  EXPECT_EQ(CountSpans(look.spans), 2u);
  look = Look(2);
  EXPECT_EQ(look.state, TraceState::kDropped);
  EXPECT_EQ(look.record.policy, JournalRecord::kNoPolicy);
  EXPECT_EQ(look.record.votes.Get(0), Vote::kNotSampled);
  EXPECT_EQ(CountSpans(look.spans), 1u);
}

TEST_F(SamplerJournalTest, StoresTheSpansAsTheyCame) {
  Make();
  const std::string request = OtlpRequest().Service("a").Scope({"lib", "1"}, "u").Span(Span(1, 1, kError)).Bytes();
  const std::string dropped = OtlpRequest().Service("a").Scope({"lib", "1"}, "u").Span(Span(2, 1)).Bytes();
  Send(request);
  Send(dropped);
  Pass(10s);
  for (const auto& [trace, sent] : {std::pair(1, request), std::pair(2, dropped)}) {
    const TraceLook look = Look(static_cast<uint64_t>(trace));
    SpansByTrace expected, got;
    ASSERT_TRUE(AddSpans(sent, &expected));
    ASSERT_TRUE(AddSpans(look.spans, &got));
    EXPECT_EQ(got, expected);
    FramedSpans spans(look.spans);
    StoredSpan span;
    ASSERT_TRUE(spans.Next(&span));
    EXPECT_NE(span.scope.find("lib"), std::string_view::npos);
    EXPECT_NE(span.resource.find("service.name"), std::string_view::npos);
  }
}

TEST_F(SamplerJournalTest, CountsLateSpans) {
  Make();
  Send(Span(1, 1, kError));
  Send(Span(2, 1));
  Pass(10s);
  Send(Span(1, 2));
  Send(Span(1, 3));
  Send(Span(2, 2, kError));
  EXPECT_EQ(Look(1).record.late_spans, 2u);
  EXPECT_EQ(Look(2).record.late_spans, 1u);
  EXPECT_EQ(Look(2).state, TraceState::kDropped);
}

TEST_F(SamplerJournalTest, SaysWhyItWasDecidedEarly) {
  options_.trace_spans_max = 2;
  Make();
  for (uint64_t trace = 1; trace <= 101; ++trace) Send(Span(trace, 1));
  EXPECT_EQ(Look(1).record.cause, static_cast<JournalCause>(EarlyReason::kNumTraces));
  EXPECT_EQ(Look(2).state, TraceState::kUndecided);
  Send(Span(2, 2));
  EXPECT_EQ(Look(2).record.cause, static_cast<JournalCause>(EarlyReason::kTraceSpans));
  Pass(10s);
  EXPECT_EQ(Look(3).record.cause, kCauseNone);
}

TEST_F(SamplerJournalTest, ATraceThatIsTooLargeWasAskedOfNobody) {
  config_.maximum_trace_size_bytes = 10;
  Make();
  Send(Span(1, 1, kError));
  const TraceLook look = Look(1);
  EXPECT_EQ(look.state, TraceState::kDropped);
  EXPECT_EQ(look.record.cause, kCauseTooLarge);
  EXPECT_EQ(look.record.votes, Votes());
}

TEST_F(SamplerJournalTest, ForgetsTheDetailsButNotTheDecision) {
  options_.journal_bytes = 4096;  // a handful of records
  Make();
  Send(Span(1, 1, kError));
  Pass(10s);
  for (uint64_t trace = 2; trace <= 60; ++trace) Send(Span(trace, 1, kError));
  Pass(10s);
  const TraceLook look = Look(1);
  EXPECT_EQ(look.state, TraceState::kForgotten);
  EXPECT_TRUE(look.kept);
  EXPECT_EQ(look.policy, 0u);
  EXPECT_EQ(Look(60).state, TraceState::kKept);
}

TEST_F(SamplerJournalTest, WithoutAJournalTheDecisionIsStillKnown) {
  options_.journal_bytes = 0;
  Make();
  Send(Span(1, 1, kError));
  Pass(10s);
  EXPECT_EQ(sampler_->journal(), nullptr);
  EXPECT_EQ(Look(1).state, TraceState::kForgotten);
}

TEST_F(SamplerJournalTest, ALookAtALargeTraceIsCutBetweenSpans) {
  Make(1 << 24);
  const std::string blob(1'000, 'x');
  for (uint64_t piece = 0; piece < 2; ++piece) {
    OtlpRequest request;
    request.Service("a");
    for (uint64_t i = 1; i <= 700; ++i)
      request.Span(Span(1, piece * 1'000 + i).Attribute("blob", testing::StringValue(blob)));
    Send(request.Bytes());
  }
  const TraceLook look = Look(1);
  EXPECT_TRUE(look.spans_cut);
  SpansByTrace spans;
  ASSERT_TRUE(AddSpans(look.spans, &spans)) << "still a request";
  EXPECT_GT(CountOf(spans, 1), 900u);
  EXPECT_LT(CountOf(spans, 1), 1'400u);
  EXPECT_LE(look.spans.size(), 1u << 20);
}

TEST_F(SamplerJournalTest, PairsOfPoliciesThatAgreeAreCountedForKeptTraces) {
  config_.policies = {{.name = "errors", .rule = config::StatusCodeConfig{{"ERROR"}}},
                      {.name = "many", .rule = config::SpanCountConfig{2, 0}},
                      {.name = "never", .rule = config::SpanCountConfig{1'000, 0}}};
  Make();
  Send(Span(1, 1, kError));
  Send(Span(2, 1, kError));
  Send(Span(2, 2));
  Send(Span(3, 1));
  Send(Span(3, 2));
  Send(Span(4, 1));
  Pass(10s);
  EXPECT_EQ(Stats().policy_overlap, (std::vector<uint64_t>{2, 1, 0, 1, 2, 0, 0, 0, 0}));
}

TEST_F(SamplerJournalTest, ADropPolicysVoteIsTheLastOne) {
  config_.policies = {{.name = "errors", .rule = config::StatusCodeConfig{{"ERROR"}}},
                      {.name = "no", .rule = config::DropConfig{{config_.policies[0]}}}};
  Make();
  Send(Span(1, 1, kError));
  Pass(10s);
  const TraceLook look = Look(1);
  EXPECT_EQ(look.state, TraceState::kDropped);
  EXPECT_EQ(look.record.policy, 0u) << "drop policies are asked first";
  EXPECT_EQ(look.record.votes.Get(0), Vote::kDropped);
  EXPECT_EQ(look.record.votes.Get(1), std::nullopt) << "not asked";
}

TEST_F(SamplerJournalTest, WhatArrivedIsJudgedAndRemembered) {
  config_.sampling_strategy = config::SamplingStrategy::kSpanIngest;
  Make();
  Send(Span(1, 1, kError));
  EXPECT_EQ(Look(1).state, TraceState::kKept) << "at once";
  EXPECT_EQ(Look(1).record.votes.Get(0), Vote::kSampled);
  Send(Span(2, 1));
  Pass(10s);
  EXPECT_EQ(Look(2).state, TraceState::kDropped);
  EXPECT_EQ(Look(2).record.votes, Votes()) << "nobody was asked at the end of its wait";
}

}  // namespace
}  // namespace tailrace

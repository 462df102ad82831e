#include "tests/collector/shard/sampler_fixture.h"

namespace tailrace {
namespace {

TEST_F(SamplerTest, HoldsATraceForItsWaitAndKeepsItWhole) {
  Make();
  Send(Span(1, 1));
  Pass(4s);
  Send(OtlpRequest().Service("b").Span(Span(1, 2, kError)).Span(Span(2, 1)).Bytes());
  Pass(5999ms);
  EXPECT_TRUE(Out().empty()) << "not before the deadline";
  Pass(1ms);
  EXPECT_EQ(CountOf(Out(), 1), 2u);
  EXPECT_EQ(Stats().in_table_traces, 1u) << "trace 2 came four seconds later";
  Pass(4s);
  EXPECT_EQ(CountOf(Out(), 2), 0u);
  EXPECT_EQ(Stats().in_table_bytes > 0, true) << "headers wait for the sweep";
  sampler_->Sweep();
  EXPECT_EQ(pool_->used_blocks(), 0u);
}

TEST_F(SamplerTest, LateSpansFollowTheDecision) {
  Make();
  Send(Span(1, 1, kError));
  Send(Span(2, 1));
  Pass(10s);
  Send(Span(1, 2));
  Send(Span(2, 2, kError));
  const SpansByTrace out = Out();
  EXPECT_EQ(CountOf(out, 1), 2u);
  EXPECT_EQ(CountOf(out, 2), 0u) << "an error that comes too late changes nothing";
  EXPECT_EQ(Stats().late_sampled_spans, 1u);
  EXPECT_EQ(Stats().late_not_sampled_spans, 1u);
  EXPECT_EQ(Stats().new_traces, 2u);
}

TEST_F(SamplerTest, TracesThatCollideInTheIndexStayApart) {
  same_low_half_ = true;
  Make();
  for (uint64_t piece = 1; piece <= 3; ++piece) {
    for (uint64_t trace = 1; trace <= 50; ++trace) {
      OtlpRequest request;
      request.Service("a").Span(Span(trace, piece, trace % 2 == 1 ? kError : 0)).Span(Span(51 - trace, 10 + piece));
      Send(request.Bytes());
    }
  }
  EXPECT_EQ(Stats().in_table_traces, 50u);
  Pass(10s);
  const SpansByTrace out = Out();
  for (uint64_t trace = 1; trace <= 50; ++trace) EXPECT_EQ(CountOf(out, trace), trace % 2 == 1 ? 6u : 0u) << trace;
}

TEST_F(SamplerTest, AtItsBoundTracesAreDecidedNotForgottenThoseWithAnErrorLast) {
  Make();
  const auto early = [this] { return Stats().early_traces[static_cast<size_t>(EarlyReason::kNumTraces)]; };
  for (uint64_t trace = 1; trace <= 150; ++trace) Send(Span(trace, 1, trace % 2 == 0 ? kError : 0));
  EXPECT_EQ(early(), 50u);
  EXPECT_EQ(Stats().in_table_traces, 100u);
  EXPECT_EQ(Out().size(), 0u) << "there were enough without an error";
  for (uint64_t trace = 151; trace <= 200; ++trace) Send(Span(trace, 1, kError));
  EXPECT_EQ(early(), 100u);
  EXPECT_EQ(Out().size(), 25u) << "then the oldest of those that have one";
  Send(Span(2, 2));
  EXPECT_EQ(CountOf(Out(), 2), 2u) << "its late spans follow";
  Pass(10s);
  EXPECT_EQ(Out().size(), 125u);
}

// Every span a trace of its own, at many times the rate of honest traffic, whose errors come last.
TEST_F(SamplerTest, AFloodOfTracesPushesNoOtherServiceOut) {
  Make();
  uint64_t flood = 1'000'000;
  for (uint64_t trace = 1; trace <= 20; ++trace) Send(OtlpRequest().Service("honest").Span(Span(trace, 1)).Bytes());
  for (int i = 0; i < 5'000; ++i) Send(OtlpRequest().Service("loud").Span(Span(++flood, 1, kError)).Bytes());
  for (uint64_t trace = 1; trace <= 20; ++trace) {
    Send(OtlpRequest().Service("honest").Span(Span(trace, 2, kError)).Bytes());
  }
  Pass(10s);
  const SpansByTrace out = Out();
  for (uint64_t trace = 1; trace <= 20; ++trace) EXPECT_EQ(CountOf(out, trace), 2u) << trace;
}

TEST_F(SamplerTest, ATraceThatHoldsTooManySpansIsDecidedAndTheRestFollows) {
  options_.trace_spans_max = 10;
  Make();
  for (uint64_t span = 1; span <= 9; ++span) Send(Span(1, span, span == 3 ? kError : 0));
  EXPECT_TRUE(Out().empty());
  Send(OtlpRequest().Service("a").Span(Span(1, 10)).Span(Span(1, 11)).Span(Span(2, 1)).Bytes());
  EXPECT_EQ(CountOf(Out(), 1), 11u) << "with all of the request";
  EXPECT_EQ(Stats().early_traces[static_cast<size_t>(EarlyReason::kTraceSpans)], 1u);
  EXPECT_EQ(Stats().in_table_traces, 1u);
  Send(Span(1, 12));
  EXPECT_EQ(CountOf(Out(), 1), 12u);
  EXPECT_EQ(Stats().late_sampled_spans, 1u);
}

TEST_F(SamplerTest, ATraceThatHoldsTooMuchMemoryIsDecided) {
  options_.trace_blocks_max = 4;
  Make();
  for (uint64_t span = 1; span <= 500; ++span) Send(Span(1, span));
  EXPECT_EQ(Stats().early_traces[static_cast<size_t>(EarlyReason::kTraceBytes)], 1u);
  EXPECT_EQ(pool_->used_blocks(), 0u);
  EXPECT_GT(Stats().late_not_sampled_spans, 300u);
}

TEST_F(SamplerTest, MemoryIsBoundedByItsBlocks) {
  options_.traces_max = 10'000;
  Make(64 * BlockPool::kBlockBytes);
  for (uint64_t trace = 1; trace <= 1'000; ++trace) {
    OtlpRequest request;
    request.Service("a");
    for (uint64_t span = 1; span <= 20; ++span) request.Span(Span(trace, span, span == 20 ? kError : 0));
    Send(request.Bytes());
  }
  Pass(10s);
  EXPECT_GT(Stats().early_traces[static_cast<size_t>(EarlyReason::kMemory)], 900u);
  const SpansByTrace out = Out();
  EXPECT_EQ(out.size(), 1'000u);
  for (const auto& [id, spans] : out) EXPECT_EQ(spans.size(), 20u);
}

TEST_F(SamplerTest, ARunLargerThanAllMemoryIsCountedAsDropped) {
  Make(8 * BlockPool::kBlockBytes);
  OtlpRequest request;
  request.Service("a");
  for (uint64_t span = 1; span <= 500; ++span) request.Span(Span(1, span));
  Send(request.Bytes());
  Out();
  EXPECT_EQ(Stats().dropped_spans[static_cast<size_t>(DropReason::kTableFull)], 500u);
}

TEST_F(SamplerTest, ARootBringsTheDecisionForward) {
  config_.decision_wait_after_root_received = 1s;
  Make();
  Send(Span(1, 1, kError).Parent(9));
  Send(Span(2, 1, kError));
  Pass(1s);
  EXPECT_EQ(CountOf(Out(), 2), 1u);
  EXPECT_EQ(CountOf(Out(), 1), 0u);
  Pass(8500ms);
  Send(Span(1, 2));
  Pass(500ms);
  EXPECT_EQ(CountOf(Out(), 1), 2u) << "a root that comes late does not put it off";
}

TEST_F(SamplerTest, ATraceOverItsSizeIsDroppedAtOnceWithItsLateSpans) {
  config_.maximum_trace_size_bytes = 200;
  Make();
  for (uint64_t span = 1; span <= 20; ++span) Send(Span(1, span, kError));
  Send(Span(2, 1, kError));
  Pass(10s);
  const SpansByTrace out = Out();
  EXPECT_EQ(CountOf(out, 1), 0u);
  EXPECT_EQ(CountOf(out, 2), 1u);
  EXPECT_EQ(Stats().too_large_traces, 1u);
}

TEST_F(SamplerTest, AtTheEndWhatWaitsIsDecidedOrDroppedAsConfigured) {
  Make();
  Send(Span(1, 1, kError));
  sampler_->DecideAll(now_ns_);
  EXPECT_EQ(Out().size(), 1u);
  EXPECT_EQ(pool_->used_blocks(), 0u);

  batches_.clear();
  sent_ = 0;
  config_.drop_pending_traces_on_shutdown = true;
  Make();
  Send(Span(1, 1, kError));
  sampler_->DecideAll(now_ns_);
  EXPECT_TRUE(Out().empty());
  EXPECT_EQ(Stats().dropped_spans[static_cast<size_t>(DropReason::kShutdown)], 1u);
}

TEST_F(SamplerTest, AFloodOfHeadersStaysWithinItsBytes) {
  options_.traces_max = 10'000;
  options_.header_bytes_max = 50'000;
  Make();
  for (uint64_t trace = 1; trace <= 5'000; ++trace) {
    now_ns_ += 1'000;
    Send(OtlpRequest().Service("service " + std::to_string(trace)).Span(Span(trace, 1, kError)).Bytes());
    ASSERT_LE(Stats().in_table_bytes, 50'000u + pool_->used_blocks() * BlockPool::kBlockBytes + 2'000);
  }
  Pass(10s);
  EXPECT_EQ(Out().size(), 5'000u);
}

TEST_F(SamplerTest, ManyServicesInOneRequestWhoseHeadersDoNotFitAreStillKeptRight) {
  options_.header_bytes_max = 2'000;
  Make();
  OtlpRequest request;
  for (uint64_t trace = 1; trace <= 90; ++trace)
    request.Service("service " + std::to_string(trace)).Span(Span(trace, 1, kError));
  const std::string bytes = request.Bytes();
  for (int i = 0; i < 3; ++i) {
    now_ns_ += 1'000;
    Send(bytes);
  }
  Pass(10s);
  sampler_->batch().Flush();
  for (const ExportBatch& batch : batches_) {
    ScannedRequest scanned;
    ASSERT_EQ(ScanRequest(*batch.payload, &scanned), ScanError::kNone);
    for (const SpanRun& run : scanned.runs) {
      // The service's number is the trace's.
      uint64_t trace = 0;
      while (!(TraceId::FromBytes(testing::TestId(16, trace).data()) == run.trace_id)) ++trace;
      const auto resource = scanned.Resource(*batch.payload, scanned.headers[run.header]);
      EXPECT_NE(resource.find("service " + std::to_string(trace)), std::string_view::npos);
    }
  }
  Out();
}

}  // namespace
}  // namespace tailrace

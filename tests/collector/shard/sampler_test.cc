#include "collector/shard/sampler.h"

#include <gtest/gtest.h>

#include <chrono>

#include "base/hash.h"
#include "tests/support/otlp_builder.h"
#include "tests/support/scanned_spans.h"

namespace tailrace {
namespace {

using namespace std::chrono_literals;
using testing::AddSpans;
using testing::OtlpRequest;
using testing::OtlpSpan;
using testing::SpansByTrace;

constexpr int kError = 2;

OtlpSpan Span(uint64_t trace, uint64_t span, int status = 0) {
  return OtlpSpan(trace, span, "work").Times(1'000, 2'000).Status(status);
}

class SamplerTest : public ::testing::Test {
 protected:
  SamplerTest() {
    config_.decision_wait = 10s;
    config_.policies = {{.name = "errors", .rule = config::StatusCodeConfig{{"ERROR"}}}};
    options_ = {.traces_max = 100,
                .sampled_cache_size = 0,
                .non_sampled_cache_size = 0,
                .header_bytes_max = 1 << 20,
                .batch = {1 << 20, 1'000'000}};
  }

  void Make(uint64_t block_bytes = 1 << 22) {
    pool_ = std::make_unique<BlockPool>(block_bytes, false);
    sampler_ = std::make_unique<Sampler>(
        config_, options_, pool_.get(), [this](const ExportBatch& batch) { batches_.push_back(batch); },
        [this] { return sampler_->DecideOldest(now_ns_); });
  }

  void Send(const std::string& request) {
    ASSERT_EQ(ScanRequest(request, &scanned_), ScanError::kNone);
    hashes_.clear();
    for (const SpanRun& run : scanned_.runs) {
      const uint64_t hash = hasher_(run.trace_id);
      hashes_.push_back(same_low_half_ ? hash << 32 | 7 : hash);
    }
    sent_ += scanned_.span_count;
    sampler_->Add({request, &scanned_.headers, &scanned_.gathered, scanned_.runs, hashes_}, now_ns_);
  }
  void Send(const OtlpSpan& span) { Send(OtlpRequest().Service("a").Span(span).Bytes()); }

  void Pass(std::chrono::nanoseconds time) {
    now_ns_ += time.count();
    while (sampler_->DecideDue(now_ns_, 16)) {
    }
  }

  // What left so far. Each call also checks that no span is unaccounted for.
  SpansByTrace Out() {
    sampler_->batch().Flush();
    SpansByTrace spans;
    for (const ExportBatch& batch : batches_) EXPECT_TRUE(AddSpans(*batch.payload, &spans));
    const PipelineStats stats = Stats();
    uint64_t left = 0, dropped = stats.dropped_by_policy_spans;
    for (const auto& [id, list] : spans) left += list.size();
    for (uint64_t count : stats.dropped_spans) dropped += count;
    EXPECT_EQ(stats.kept_spans, left);
    EXPECT_EQ(sent_, left + dropped + stats.in_table_spans);
    return spans;
  }
  PipelineStats Stats() const {
    PipelineStats stats;
    sampler_->AddTo(&stats);
    return stats;
  }
  static size_t CountOf(const SpansByTrace& spans, uint64_t trace) {
    const auto at = spans.find(TraceId::FromBytes(testing::TestId(16, trace).data()).ToHex());
    return at == spans.end() ? 0 : at->second.size();
  }

  TraceIdHasher hasher_;
  bool same_low_half_ = false;  // every hash gets the low half that the index goes by
  config::TailSamplingConfig config_;
  Sampler::Options options_;
  std::unique_ptr<BlockPool> pool_;
  std::unique_ptr<Sampler> sampler_;
  ScannedRequest scanned_;
  std::vector<uint64_t> hashes_;
  std::vector<ExportBatch> batches_;
  int64_t now_ns_ = 1'000'000'000;
  uint64_t sent_ = 0;
};

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
  sampler_->SweepHeaders();
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

TEST_F(SamplerTest, AtItsBoundTheOldestTraceIsDecidedNotForgotten) {
  Make();
  for (uint64_t trace = 1; trace <= 150; ++trace) Send(Span(trace, 1, trace % 2 == 0 ? kError : 0));
  EXPECT_EQ(Stats().evicted_traces, 50u);
  EXPECT_EQ(Stats().in_table_traces, 100u);
  EXPECT_EQ(Out().size(), 25u);
  Send(Span(2, 2));
  EXPECT_EQ(CountOf(Out(), 2), 2u) << "its late spans follow";
  Pass(10s);
  EXPECT_EQ(Out().size(), 75u);
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
  EXPECT_GT(Stats().evicted_traces, 900u);
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

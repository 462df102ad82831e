// SamplerTest: a sampler with a clock that the test moves, and a ledger that is checked at every look.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/hash.h"
#include "collector/shard/sampler.h"
#include "tests/support/otlp_builder.h"
#include "tests/support/scanned_spans.h"

namespace tailrace {

using namespace std::chrono_literals;
using testing::AddSpans;
using testing::OtlpRequest;
using testing::OtlpSpan;
using testing::SpansByTrace;

inline constexpr int kError = 2;

inline OtlpSpan Span(uint64_t trace, uint64_t span, int status = 0) {
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
        [this] { return sampler_->FreeMemory(now_ns_); });
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

}  // namespace tailrace

// Several shards with their threads, a recording exporter behind them: requests in, whole traces out, every span
// accounted for.
#include "collector/shard/shard.h"

#include <gtest/gtest.h>

#include <memory>

#include "base/clock.h"
#include "collector/telemetry/snapshot.h"
#include "tests/collector/shard/small_shard.h"
#include "tests/support/filled_buffer.h"
#include "tests/support/otlp_builder.h"
#include "tests/support/recording_exporter.h"
#include "tests/support/scanned_spans.h"
#include "tests/support/wait_for.h"

namespace tailrace {
namespace {

using namespace std::chrono_literals;
using testing::OtlpRequest;
using testing::OtlpSpan;

class ShardTest : public ::testing::TestWithParam<uint32_t> {
 protected:
  ShardTest() {
    sampling_.decision_wait = 300ms;
    sampling_.policies = {{.name = "all", .rule = config::AlwaysSampleConfig{}}};
    pipeline_.batch.timeout = 20ms;
  }
  ~ShardTest() override {
    for (const auto& shard : shards_) shard->Stop();
  }

  void Start(bool sample = true) {
    Shard::Options options = testing::SmallShard();
    options.shard_count = GetParam();
    ShardPipeline::Options pipeline;
    pipeline.exporters = {&exporter_};
    pipeline.pipeline = &pipeline_;
    pipeline.sampling = sample ? &sampling_ : nullptr;
    pipeline.sampler = testing::SmallSampler();
    options.pipelines = {pipeline};
    std::vector<Shard*> all;
    for (options.index = 0; options.index < GetParam(); ++options.index) {
      all.push_back(shards_.emplace_back(std::make_unique<Shard>(options, clock_)).get());
    }
    for (Shard* shard : all) shard->Connect(all);
    for (Shard* shard : all) shard->Start();
  }

  // Gives `request` to the shard with this number, again while it is refused.
  IngestResult Send(uint32_t number, const std::string& request) {
    Shard& shard = *shards_[number % shards_.size()];
    IngestResult result;
    EXPECT_TRUE(testing::WaitFor([&] {
      shard.Run([&] {
        const BufferRef buffer = testing::FilledBuffer(shard.buffers(), request);
        result = shard.Take(buffer, 0, Transport::kGrpc, 0);
      });
      return result.code != IngestCode::kOverloaded;
    }));
    return result;
  }

  DaemonSnapshot Snapshot() {
    DaemonSnapshot snapshot;
    snapshot.receivers.resize(1);
    snapshot.pipelines.resize(1);
    for (const auto& shard : shards_) shard->Run([&] { shard->AddTo(&snapshot); });
    return snapshot;
  }

  const SystemClock clock_;
  testing::RecordingExporter exporter_;
  config::TailSamplingConfig sampling_;
  config::PipelineConfig pipeline_;
  std::vector<std::unique_ptr<Shard>> shards_;
};

INSTANTIATE_TEST_SUITE_P(Shards, ShardTest, ::testing::Values(1u, 2u, 4u));

TEST_P(ShardTest, TracesInPiecesThroughDifferentShardsComeOutWhole) {
  Start();
  constexpr uint64_t kTraces = 500;
  constexpr uint64_t kPieces = 4;
  for (uint64_t piece = 0; piece < kPieces; ++piece) {
    for (uint64_t first = 0; first < kTraces; first += 50) {
      OtlpRequest request;
      request.Service("service " + std::to_string(piece));
      for (uint64_t trace = first + 1; trace <= first + 50; ++trace) request.Span(OtlpSpan(trace, piece + 1, "work"));
      const IngestResult result = Send(static_cast<uint32_t>(piece + first / 50), request.Bytes());
      EXPECT_EQ(result.accepted_spans, 50u);
    }
  }
  ASSERT_TRUE(testing::WaitFor([&] { return exporter_.Stats().forwarded_spans == kTraces * kPieces; }));
  testing::SpansByTrace spans;
  for (const ExportBatch& batch : exporter_.batches()) ASSERT_TRUE(testing::AddSpans(*batch.payload, &spans));
  EXPECT_EQ(spans.size(), kTraces);
  for (const auto& [id, list] : spans) EXPECT_EQ(list.size(), kPieces);
  const DaemonSnapshot snapshot = Snapshot();
  EXPECT_EQ(snapshot.receivers[0].transports[0].accepted_spans, kTraces * kPieces);
  EXPECT_EQ(snapshot.pipelines[0].kept_spans, kTraces * kPieces);
  EXPECT_EQ(snapshot.pipelines[0].sampled_traces, kTraces) << "each trace met itself on one shard";
  EXPECT_EQ(snapshot.pipelines[0].in_ring_spans, 0u);
  EXPECT_EQ(snapshot.pipelines[0].in_table_spans, 0u);
}

TEST_P(ShardTest, RefusesOnlySpansWithBadIds) {
  Start();
  const std::string request = OtlpRequest()
                                  .Service("a")
                                  .Span(OtlpSpan(1, 1, "good"))
                                  .Span(OtlpSpan(std::string(15, 'x'), std::string(8, 'y'), "short trace id"))
                                  .Span(OtlpSpan(std::string(16, '\0'), std::string(8, 'y'), "zero trace id"))
                                  .Span(OtlpSpan(std::string(16, 'x'), std::string(8, '\0'), "zero span id"))
                                  .Span(OtlpSpan(1, 2, "good too"))
                                  .Bytes();
  const IngestResult result = Send(0, request);
  EXPECT_EQ(result.code, IngestCode::kOk);
  EXPECT_EQ(result.accepted_spans, 2u);
  EXPECT_EQ(result.rejected_spans, 3u);
  EXPECT_FALSE(result.message.empty());
  ASSERT_TRUE(testing::WaitFor([&] { return exporter_.Stats().forwarded_spans == 2; }));
}

TEST_P(ShardTest, TakesNothingOfAMalformedRequest) {
  Start();
  std::string request = OtlpRequest().Service("a").Span(OtlpSpan(1, 1, "work")).Bytes();
  request.pop_back();
  EXPECT_EQ(Send(0, request).code, IngestCode::kMalformed);
  EXPECT_EQ(Snapshot().receivers[0].transports[0].accepted_spans, 0u);
  EXPECT_EQ(Snapshot().receivers[0].transports[0].requests_failed, 1u);
}

// Each span a trace of its own: what a shard needs for them is bounded.
TEST_P(ShardTest, TakesNothingOfARequestWithTooManyRuns) {
  Start();
  const auto of_runs = [](uint32_t runs) {
    OtlpRequest request;
    request.Service("a");
    for (uint32_t i = 1; i <= runs; ++i) request.Span(OtlpSpan(i, 1, ""));
    return request.Bytes();
  };
  const IngestResult result = Send(0, of_runs(20'001));
  EXPECT_EQ(result.code, IngestCode::kTooLarge);
  EXPECT_FALSE(result.message.empty());
  EXPECT_EQ(Snapshot().receivers[0].transports[0].requests_failed, 1u);
  EXPECT_EQ(Send(0, of_runs(20'000)).accepted_spans, 20'000u);
}

TEST_P(ShardTest, WithoutTailSamplingEverythingGoesThroughAtOnce) {
  Start(false);
  Send(0, OtlpRequest().Service("a").Span(OtlpSpan(1, 1, "a")).Span(OtlpSpan(2, 1, "b")).Bytes());
  ASSERT_TRUE(testing::WaitFor([&] { return exporter_.Stats().forwarded_spans == 2; }));
  EXPECT_EQ(Snapshot().pipelines[0].in_ring_spans, 0u);
}

TEST_P(ShardTest, TheEndDecidesWhatWaits) {
  sampling_.decision_wait = 1h;
  Start();
  for (uint64_t trace = 1; trace <= 100; ++trace) {
    Send(static_cast<uint32_t>(trace), OtlpRequest().Service("a").Span(OtlpSpan(trace, 1, "work")).Bytes());
  }
  ASSERT_TRUE(testing::WaitFor([&] {
    bool drained = true;
    for (const auto& shard : shards_) shard->Run([&] { drained &= shard->DrainRings(); });
    return drained;
  }));
  EXPECT_EQ(Snapshot().pipelines[0].in_table_spans, 100u);
  for (const auto& shard : shards_) shard->Run([&] { shard->Finish(); });
  EXPECT_EQ(exporter_.Stats().forwarded_spans, 100u);
}

}  // namespace
}  // namespace tailrace

// A pipeline that routes in front of one that samples, in one process: each span goes one way, and is accounted for.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "collector/shard/shard.h"
#include "collector/telemetry/snapshot.h"
#include "tests/collector/shard/routing_exporter.h"
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

constexpr uint32_t kRouter = 0;
constexpr uint32_t kSampler = 1;
constexpr uint32_t kConnector = 1;  // its source: behind the one receiver

class ShardRoutingTest : public ::testing::TestWithParam<uint32_t> {
 protected:
  ShardRoutingTest() {
    sampling_.decision_wait = 200ms;
    sampling_.policies = {{.name = "all", .rule = config::AlwaysSampleConfig{}}};
    pipeline_.batch.timeout = 20ms;
  }
  ~ShardRoutingTest() override {
    for (const auto& shard : shards_) shard->Stop();
  }

  void Start(Shard::Routing routing) {
    Shard::Options options = testing::SmallShard();
    options.shard_count = GetParam();
    options.routes = {{kRouter}, {kSampler}};
    options.routing = {routing};
    ShardPipeline::Options router;
    router.exporters = {&others_};
    router.pipeline = &pipeline_;
    router.hops_max = 3;
    router.sampler.batch = {4 << 20, 8192};
    ShardPipeline::Options sampler;
    sampler.exporters = {&kept_};
    sampler.pipeline = &pipeline_;
    sampler.sampling = &sampling_;
    sampler.sampler = testing::SmallSampler();
    options.pipelines = {router, sampler};
    std::vector<Shard*> all;
    for (options.index = 0; options.index < GetParam(); ++options.index) {
      all.push_back(shards_.emplace_back(std::make_unique<Shard>(options, clock_)).get());
    }
    for (Shard* shard : all) shard->Connect(all);
    for (Shard* shard : all) shard->Start();
  }

  static std::string Traces(uint64_t first, uint64_t last, uint64_t span) {
    OtlpRequest request;
    request.Service("cart");
    for (uint64_t trace = first; trace <= last; ++trace) request.Span(OtlpSpan(trace, span, "work"));
    return request.Bytes();
  }

  IngestResult Send(uint32_t number, const std::string& request, uint8_t hops) {
    Shard& shard = *shards_[number % shards_.size()];
    IngestResult result;
    shard.Run([&] {
      const BufferRef buffer = testing::FilledBuffer(shard.buffers(), request);
      result = shard.Take(buffer, 0, Transport::kGrpc, hops);
    });
    return result;
  }

  DaemonSnapshot Snapshot() {
    DaemonSnapshot snapshot;
    snapshot.receivers.resize(1);
    snapshot.pipelines.resize(2);
    for (const auto& shard : shards_) shard->Run([&] { shard->AddTo(&snapshot); });
    return snapshot;
  }

  const SystemClock clock_;
  testing::RoutingExporter others_;
  testing::RecordingExporter kept_;
  config::TailSamplingConfig sampling_;
  config::PipelineConfig pipeline_;
  std::vector<std::unique_ptr<Shard>> shards_;
};

INSTANTIATE_TEST_SUITE_P(Shards, ShardRoutingTest, ::testing::Values(1u, 2u, 4u));

TEST_P(ShardRoutingTest, ItsOwnIsSampledHereAndTheRestIsForwarded) {
  others_.Use(7, 3, 1);
  Start({.pipeline = kRouter, .source = kConnector});
  for (uint32_t piece = 1; piece <= 4; ++piece) EXPECT_EQ(Send(piece, Traces(1, 90, piece), 0).accepted_spans, 90u);
  ASSERT_TRUE(testing::WaitFor([&] { return kept_.Stats().forwarded_spans == 120 && others_.spans() == 240; }));
  testing::SpansByTrace kept;
  for (const ExportBatch& batch : kept_.batches()) ASSERT_TRUE(testing::AddSpans(*batch.payload, &kept));
  EXPECT_EQ(kept.size(), 30u);
  for (const auto& [trace, spans] : kept) {
    EXPECT_EQ(std::stoul(trace.substr(30), nullptr, 16) % 3, 1u);
    EXPECT_EQ(spans.size(), 4u);
  }
  for (const ExportBatch& batch : others_.batches()) {
    EXPECT_EQ(batch.routed_by, 7u);
    EXPECT_NE(batch.owner, 1u);
    EXPECT_EQ(batch.hops, 0u);
  }
  const DaemonSnapshot snapshot = Snapshot();
  const PipelineStats& router = snapshot.pipelines[kRouter];
  EXPECT_EQ(router.accepted_spans, 360u);
  EXPECT_EQ(router.own_spans, 120u);
  EXPECT_EQ(router.kept_spans, 240u);
  EXPECT_EQ(snapshot.pipelines[kSampler].accepted_spans, 120u);
  EXPECT_EQ(snapshot.pipelines[kSampler].sampled_traces, 30u) << "each trace met itself on one shard";
  EXPECT_EQ(snapshot.receivers[0].transports[0].accepted_spans, 360u) << "received once";
}

TEST_P(ShardRoutingTest, WhatAnotherMemberSentIsSampledHereWhateverTheRingSays) {
  others_.Use(7, 3, 1);
  Start({.pipeline = kRouter, .source = kConnector});
  EXPECT_EQ(Send(0, Traces(1, 90, 1), 1).accepted_spans, 90u);
  EXPECT_EQ(Send(1, Traces(1, 90, 2), 200).accepted_spans, 90u);
  ASSERT_TRUE(testing::WaitFor([&] { return kept_.Stats().forwarded_spans == 180; }));
  EXPECT_EQ(others_.spans(), 0u);
  const PipelineStats router = Snapshot().pipelines[kRouter];
  EXPECT_EQ(router.arrived_spans, 60u);
  EXPECT_EQ(router.disputed_spans, 120u);
  EXPECT_EQ(router.own_spans + router.kept_spans, 0u);
}

TEST_P(ShardRoutingTest, WithoutMembersAllOfItWaitsInTheExporter) {
  Start({.pipeline = kRouter, .source = kConnector});
  Send(0, Traces(1, 90, 1), 0);
  ASSERT_TRUE(testing::WaitFor([&] { return others_.spans() == 90; }));
  EXPECT_EQ(others_.batches()[0].routed_by, 0u);
}

TEST_P(ShardRoutingTest, WhatTheExporterFoundToBeItsOwnIsSampledAndNoReceiverCountsIt) {
  others_.Use(7, 3, 1);
  Start({.pipeline = kRouter, .source = kConnector});
  for (uint32_t shard = 0; shard < GetParam(); ++shard) {
    IngestResult result;
    shards_[shard]->Run([&] { result = shards_[shard]->TakeOwn(Traces(1, 30, shard + 1), kConnector); });
    EXPECT_EQ(result.code, IngestCode::kOk);
    shards_[shard]->Run([&] { result = shards_[shard]->TakeOwn("no OTLP", kConnector); });
    EXPECT_EQ(result.code, IngestCode::kMalformed);
  }
  ASSERT_TRUE(testing::WaitFor([&] { return kept_.Stats().forwarded_spans == 30 * GetParam(); }));
  const DaemonSnapshot snapshot = Snapshot();
  EXPECT_EQ(snapshot.pipelines[kSampler].sampled_traces, 30u);
  EXPECT_EQ(snapshot.pipelines[kSampler].accepted_spans, 30u * GetParam());
  EXPECT_EQ(snapshot.pipelines[kRouter].accepted_spans + snapshot.receivers[0].transports[0].accepted_spans, 0u);
}

TEST_P(ShardRoutingTest, ARouterSendsOnWithTheMarkAndCutsACircle) {
  others_.Use(7, 3);
  Start({.hops_max = 3});
  for (const uint8_t hops : std::vector<uint8_t>{0, 1, 3})
    EXPECT_EQ(Send(0, Traces(1, 90, 1), hops).code, IngestCode::kOk);
  for (const uint8_t hops : std::vector<uint8_t>{4, 255})
    EXPECT_EQ(Send(0, Traces(1, 90, 1), hops).code, IngestCode::kLoop);
  ASSERT_TRUE(testing::WaitFor([&] { return others_.spans() == 270; }));
  std::map<uint8_t, uint32_t> spans;
  for (const ExportBatch& batch : others_.batches()) spans[batch.hops] += batch.spans;
  EXPECT_EQ(spans, (std::map<uint8_t, uint32_t>{{0, 90}, {1, 90}, {3, 90}}));
  const ReceiverStats stats = Snapshot().receivers[0].transports[0];
  EXPECT_EQ(stats.looped_spans, 180u);
  EXPECT_EQ(stats.requests_failed, 2u);
  EXPECT_EQ(stats.accepted_spans, 270u);
}

}  // namespace
}  // namespace tailrace

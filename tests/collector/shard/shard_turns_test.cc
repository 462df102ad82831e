// What is due and what comes share a shard's thread. The shard has none here: the test runs what its thread would.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "collector/shard/decision_turn.h"
#include "collector/shard/shard.h"
#include "collector/telemetry/snapshot.h"
#include "tests/collector/shard/small_shard.h"
#include "tests/support/filled_buffer.h"
#include "tests/support/manual_clock.h"
#include "tests/support/otlp_builder.h"
#include "tests/support/recording_exporter.h"

namespace tailrace {
namespace {

using namespace std::chrono_literals;
using testing::OtlpRequest;
using testing::OtlpSpan;

constexpr int64_t kSecondNs = 1'000'000'000;

TEST(DecisionTurn, AsManyAsHaveBegunAndMoreTheLaterTheyAre) {
  DecisionTurn turn(10 * kSecondNs);
  EXPECT_EQ(turn.TracesMax(1000, 0), 1000u);
  EXPECT_EQ(turn.TracesMax(2000, 5 * kSecondNs), 1500u);
  EXPECT_EQ(turn.TracesMax(3000, 20 * kSecondNs), 3000u);
}

TEST(DecisionTurn, IsBounded) {
  DecisionTurn turn(kSecondNs);
  EXPECT_EQ(turn.TracesMax(0, 100 * kSecondNs), DecisionTurn::kTracesMin) << "nothing came";
  EXPECT_EQ(turn.TracesMax(1, DecisionTurn::kSoonNs), DecisionTurn::kTracesMin) << "little came";
  EXPECT_EQ(turn.TracesMax(2, 0), DecisionTurn::kTracesMinSoon) << "hardly late";
  EXPECT_EQ(turn.TracesMax(1 << 30, INT64_MAX), DecisionTurn::kTracesMax);
}

class ShardTurnsTest : public ::testing::Test {
 protected:
  ShardTurnsTest() {
    sampling_.decision_wait = 10s;
    sampling_.policies = {{.name = "all", .rule = config::AlwaysSampleConfig{}}};
    ShardPipeline::Options pipeline;
    pipeline.exporters = {&exporter_};
    pipeline.pipeline = &pipeline_;
    pipeline.sampling = &sampling_;
    pipeline.sampler = testing::SmallSampler();
    Shard::Options options = testing::SmallShard();
    options.shard_count = 1;
    options.pipelines = {pipeline};
    shard_ = std::make_unique<Shard>(options, clock_);
    shard_->Connect({shard_.get()});
  }

  void Take(uint64_t traces) {
    OtlpRequest request;
    for (uint64_t trace = 1; trace <= traces; ++trace) request.Span(OtlpSpan(trace, 1, "work"));
    const std::string bytes = request.Bytes();
    const BufferRef buffer = testing::FilledBuffer(shard_->buffers(), bytes);
    ASSERT_EQ(shard_->Take(buffer, 0, Transport::kGrpc, 0).accepted_spans, traces);
  }

  uint64_t Waiting() const {
    DaemonSnapshot snapshot;
    snapshot.receivers.resize(1);
    snapshot.pipelines.resize(1);
    shard_->AddTo(&snapshot);
    return snapshot.pipelines[0].in_table_spans;
  }

  // Until what a stranger posts now has had its turn.
  void RunUntilAnotherHasItsTurn() {
    bool done = false;
    boost::asio::post(shard_->io(), [&done] { done = true; });
    while (!done) shard_->io().poll_one();
  }

  testing::ManualClock clock_;
  testing::RecordingExporter exporter_;
  config::TailSamplingConfig sampling_;
  config::PipelineConfig pipeline_;
  std::unique_ptr<Shard> shard_;
};

// The timer goes off again and again while a backlog is worked off: its ticks must not add up.
TEST_F(ShardTurnsTest, NobodyWaitsForMoreThanATurnOrTwo) {
  constexpr uint64_t kTraces = 10'000;
  Take(kTraces);
  clock_.Advance(sampling_.decision_wait + 1s);
  while (Waiting() == kTraces) shard_->io().poll_one();
  EXPECT_EQ(Waiting(), kTraces - DecisionTurn::kTracesMax);
  while (Waiting() > 0) {
    const uint64_t waiting = Waiting();
    RunUntilAnotherHasItsTurn();
    // One tick by the timer, and one that was posted.
    ASSERT_LE(waiting - Waiting(), 2 * DecisionTurn::kTracesMin);
  }
}

}  // namespace
}  // namespace tailrace

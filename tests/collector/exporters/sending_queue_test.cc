// SendingQueue on a clock that is moved by hand.
#include "collector/exporters/sending_queue.h"

#include "gtest/gtest.h"
#include "tests/collector/exporters/test_batch.h"
#include "tests/support/manual_clock.h"

namespace tailrace {
namespace {

using namespace testing;  // NOLINT: builders and helpers
using namespace std::chrono_literals;
using Outcome = SendResult::Outcome;

config::RetryConfig Exact() {
  return {
      .initial_interval = 1s, .randomization_factor = 0, .multiplier = 2, .max_interval = 8s, .max_elapsed_time = 10s};
}

class SendingQueueTest : public ::testing::Test {
 protected:
  SendingQueue Make(config::QueueConfig config = {}) { return SendingQueue(config, Exact(), clock_, 7); }
  static ExporterStats StatsOf(const SendingQueue& queue) {
    ExporterStats stats;
    queue.Fill(&stats);
    EXPECT_TRUE(Balanced(stats));
    return stats;
  }
  ManualClock clock_;
};

TEST_F(SendingQueueTest, FirstInFirstOut) {
  auto queue = Make();
  EXPECT_TRUE(queue.Offer(TestBatch(1, 1)));
  EXPECT_TRUE(queue.Offer(TestBatch(2, 2)));
  EXPECT_EQ(queue.Take()->batch.spans, 1u);
  EXPECT_EQ(queue.Take()->batch.spans, 2u);
  EXPECT_FALSE(queue.Take().has_value());
  EXPECT_EQ(StatsOf(queue).in_flight_spans, 3u);
}

TEST_F(SendingQueueTest, EachSizerBoundsItsUnit) {
  const ExportBatch batch = TestBatch(1, 10);
  const std::pair<config::QueueSizer, uint64_t> cases[] = {{config::QueueSizer::kRequests, 2},
                                                           {config::QueueSizer::kItems, 29},
                                                           {config::QueueSizer::kBytes, 3 * batch.payload->size() - 1}};
  for (const auto& [sizer, size] : cases) {
    auto queue = Make({.queue_size = size, .sizer = sizer});
    EXPECT_TRUE(queue.Offer(batch));
    EXPECT_TRUE(queue.Offer(batch));
    EXPECT_FALSE(queue.Offer(batch));
    const ExporterStats stats = StatsOf(queue);
    EXPECT_EQ(Dropped(stats, DropReason::kQueueFull), 10u);
    EXPECT_EQ(stats.queue_batches, 2u);
    EXPECT_EQ(stats.queue_bytes, 2 * batch.payload->size());
    EXPECT_EQ(stats.queue_capacity, size);
    auto item = queue.Take();
    EXPECT_FALSE(queue.Offer(batch)) << "in flight it keeps its place";
    queue.Finish(*std::move(item), SendResult());
    EXPECT_TRUE(queue.Offer(batch));
  }
}

TEST_F(SendingQueueTest, NumConsumersBoundsWhatIsTaken) {
  auto queue = Make({.num_consumers = 2});
  for (int i = 0; i < 3; ++i) queue.Offer(TestBatch(1, 1));
  auto first = queue.Take();
  auto second = queue.Take();
  EXPECT_FALSE(queue.Take().has_value());
  EXPECT_FALSE(queue.NextDueNs().has_value());
  queue.Finish(*std::move(first), SendResult());
  EXPECT_TRUE(queue.NextDueNs().has_value());
  EXPECT_TRUE(queue.Take().has_value());
}

TEST_F(SendingQueueTest, WithoutAQueueOnlyWhatIsSentHasAPlace) {
  auto queue = Make({.enabled = false, .num_consumers = 2});
  EXPECT_TRUE(queue.Offer(TestBatch(1, 1)));
  EXPECT_TRUE(queue.Offer(TestBatch(1, 1)));
  EXPECT_FALSE(queue.Offer(TestBatch(1, 1)));
}

TEST_F(SendingQueueTest, ARetryWaitsWhileOthersPassAndThenGoesFirst) {
  auto queue = Make({.num_consumers = 1});
  queue.Offer(TestBatch(1, 1));
  const Verdict verdict = queue.Finish(*queue.Take(), {.outcome = Outcome::kRetry, .error = "down"});
  EXPECT_EQ(verdict.fate, Verdict::Fate::kWaiting);
  EXPECT_EQ(verdict.delay, 1s);
  EXPECT_EQ(StatsOf(queue).queued_spans, 1u);
  EXPECT_EQ(StatsOf(queue).last_error, "down");
  EXPECT_FALSE(queue.Take().has_value());
  EXPECT_EQ(queue.NextDueNs(), clock_.MonotonicNs() + 1000000000);

  queue.Offer(TestBatch(2, 20));
  queue.Offer(TestBatch(3, 30));
  auto fresh = queue.Take();
  EXPECT_EQ(fresh->batch.spans, 20u);
  queue.Finish(*std::move(fresh), SendResult());

  clock_.Advance(1s);
  auto again = queue.Take();
  EXPECT_EQ(again->batch.spans, 1u);
  EXPECT_EQ(again->retries, 1u);
  EXPECT_EQ(queue.Finish(*std::move(again), {.outcome = Outcome::kRetry}).delay, 2s);
  EXPECT_EQ(StatsOf(queue).retries, 2u);
}

TEST_F(SendingQueueTest, MaxElapsedTimeCountsFromTheFirstAttempt) {
  auto queue = Make();
  queue.Offer(TestBatch(1, 5));
  clock_.Advance(100s);  // waiting for the first attempt costs nothing
  for (const auto delay : {1s, 2s, 4s}) {
    EXPECT_EQ(queue.Finish(*queue.Take(), {.outcome = Outcome::kRetry}).delay, delay);
    clock_.Advance(delay);
  }
  const Verdict last = queue.Finish(*queue.Take(), {.outcome = Outcome::kRetry});
  EXPECT_EQ(last.fate, Verdict::Fate::kDropped);
  EXPECT_EQ(last.reason, DropReason::kRetriesExhausted);
  EXPECT_EQ(Dropped(StatsOf(queue), DropReason::kRetriesExhausted), 5u);
  EXPECT_TRUE(queue.idle());
}

TEST_F(SendingQueueTest, RejectedSpansAreNeverMoreThanTheBatchHad) {
  auto queue = Make();
  queue.Offer(TestBatch(1, 5));
  queue.Finish(*queue.Take(), {.rejected_spans = 7});
  const ExporterStats stats = StatsOf(queue);
  EXPECT_EQ(Dropped(stats, DropReason::kPartialSuccess), 5u);
  EXPECT_EQ(stats.forwarded_spans, 0u);
  EXPECT_EQ(stats.requests_ok, 1u);
}

TEST_F(SendingQueueTest, CloseDropsWhatWouldComeTooLate) {
  auto queue = Make();
  for (uint32_t spans : {1u, 2u, 4u}) queue.Offer(TestBatch(1, spans));
  queue.Finish(*queue.Take(), {.outcome = Outcome::kRetry});  // due in a second
  queue.Finish(*queue.Take(), {.outcome = Outcome::kRetry, .retry_after = 5s});
  queue.Close(clock_.MonotonicNs() + 2000000000);
  EXPECT_EQ(Dropped(StatsOf(queue), DropReason::kShutdown), 2u);
  EXPECT_EQ(queue.Finish(*queue.Take(), {.outcome = Outcome::kRetry, .retry_after = 5s}).reason, DropReason::kShutdown);
  EXPECT_EQ(StatsOf(queue).queued_spans, 1u);
  EXPECT_FALSE(queue.Offer(TestBatch(1, 8)));
  EXPECT_EQ(Dropped(StatsOf(queue), DropReason::kShutdown), 2u + 4u + 8u);
  EXPECT_EQ(queue.DropQueued(DropReason::kShutdown), 1u);
  EXPECT_TRUE(queue.idle());
  EXPECT_EQ(StatsOf(queue).queue_bytes, 0u);
}

}  // namespace
}  // namespace tailrace

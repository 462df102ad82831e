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

TEST_F(SendingQueueTest, WhatIsWithdrawnTogetherIsOfEqualHopsAndBounded) {
  auto queue = Make();
  const auto offer = [&queue](uint64_t bytes, uint8_t hops) {
    queue.Offer({.payload = std::make_shared<const std::string>(bytes, 'x'), .spans = 1, .traces = 1, .hops = hops});
  };
  constexpr uint64_t kMax = SendingQueue::kWithdrawnBytesMax;
  offer(kMax + 1, 0);
  offer(kMax / 2, 0);
  offer(kMax / 2, 0);
  offer(1, 0);
  offer(1, 1);
  EXPECT_TRUE(queue.Withdraw().empty()) << "nobody leaves";
  queue.Leave();
  EXPECT_EQ(queue.Withdraw().size(), 1u) << "one alone may be larger";
  EXPECT_EQ(queue.Withdraw().size(), 2u) << "by bytes";
  EXPECT_EQ(queue.Withdraw().size(), 1u) << "by hops";
  EXPECT_EQ(queue.Withdraw().size(), 1u);
  EXPECT_TRUE(queue.Withdraw().empty());
  EXPECT_EQ(StatsOf(queue).received_spans, 0u);
  EXPECT_EQ(StatsOf(queue).queue_bytes, 0u);
}

TEST_F(SendingQueueTest, MemoryBoundsItWhateverItsCapacity) {
  const ExportBatch batch = TestBatch(1, 10);
  auto queue = Make({.queue_size = 1000, .memory_bytes_max = 3 * batch.payload->size() - 1});
  EXPECT_TRUE(queue.Offer(batch));
  EXPECT_FALSE(queue.full());
  EXPECT_TRUE(queue.Offer(batch));
  EXPECT_FALSE(queue.Offer(batch));
  EXPECT_EQ(Dropped(StatsOf(queue), DropReason::kQueueFull), 10u);
  EXPECT_GT(StatsOf(queue).queue_full, 0.66);
  queue.Finish(*queue.Take(), SendResult());
  EXPECT_TRUE(queue.Offer(batch));
}

TEST_F(SendingQueueTest, OneBatchAlwaysHasAPlaceInMemory) {
  auto queue = Make({.memory_bytes_max = 1});
  EXPECT_TRUE(queue.Offer(TestBatch(1, 10)));
  EXPECT_FALSE(queue.Offer(TestBatch(1, 10)));
}

TEST_F(SendingQueueTest, WhereMemoryIsShortTheOldestGoesIfConfiguredSo) {
  const ExportBatch batch = TestBatch(1, 10);
  auto queue = Make({.overflow = config::QueueOverflow::kDropOldest, .memory_bytes_max = 2 * batch.payload->size()});
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(queue.Offer(batch));
  EXPECT_EQ(Dropped(StatsOf(queue), DropReason::kQueueEvicted), 30u);
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
  const SendVerdict verdict = queue.Finish(*queue.Take(), {.outcome = Outcome::kRetry, .error = "down"});
  EXPECT_EQ(verdict.fate, SendVerdict::Fate::kWaiting);
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
  const SendVerdict last = queue.Finish(*queue.Take(), {.outcome = Outcome::kRetry});
  EXPECT_EQ(last.fate, SendVerdict::Fate::kDropped);
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
  auto soon = queue.Take();
  auto late = queue.Take();
  auto in_flight = queue.Take();
  queue.Finish(*std::move(soon), {.outcome = Outcome::kRetry});  // due in a second
  queue.Finish(*std::move(late), {.outcome = Outcome::kRetry, .retry_after = 5s});
  queue.Close(clock_.MonotonicNs() + 2000000000);
  EXPECT_EQ(Dropped(StatsOf(queue), DropReason::kShutdown), 2u);
  EXPECT_EQ(queue.Finish(*std::move(in_flight), {.outcome = Outcome::kRetry, .retry_after = 5s}).reason,
            DropReason::kShutdown);
  EXPECT_EQ(StatsOf(queue).queued_spans, 1u);
  EXPECT_FALSE(queue.Offer(TestBatch(1, 8)));
  EXPECT_EQ(Dropped(StatsOf(queue), DropReason::kShutdown), 2u + 4u + 8u);
  EXPECT_EQ(queue.DropQueued(DropReason::kShutdown).size(), 1u);
  EXPECT_TRUE(queue.idle());
  EXPECT_EQ(StatsOf(queue).queue_bytes, 0u);
}

TEST_F(SendingQueueTest, DropOldestMakesRoomForFreshOnes) {
  auto queue = Make({.queue_size = 2, .overflow = config::QueueOverflow::kDropOldest});
  for (uint32_t spans : {1u, 2u, 4u}) EXPECT_TRUE(queue.Offer(TestBatch(1, spans)));
  EXPECT_EQ(Dropped(StatsOf(queue), DropReason::kQueueEvicted), 1u);
  auto in_flight = queue.Take();
  EXPECT_EQ(in_flight->batch.spans, 2u);
  EXPECT_TRUE(queue.Offer(TestBatch(1, 8)));
  EXPECT_EQ(Dropped(StatsOf(queue), DropReason::kQueueEvicted), 1u + 4u) << "what is in flight keeps its place";
  EXPECT_EQ(queue.Take()->batch.spans, 8u);
  EXPECT_FALSE(queue.Offer(TestBatch(1, 16))) << "nothing can make room";
}

TEST_F(SendingQueueTest, BlockOnOverflowSaysSoAndHasSomeSlack) {
  auto queue = Make({.queue_size = 4, .block_on_overflow = true});
  for (int i = 0; i < 4; ++i) {
    EXPECT_FALSE(queue.full());
    EXPECT_TRUE(queue.Offer(TestBatch(1, 1)));
  }
  EXPECT_TRUE(queue.full());
  EXPECT_TRUE(queue.Offer(TestBatch(1, 1))) << "what was on its way";
  EXPECT_TRUE(queue.Offer(TestBatch(1, 1)));
  EXPECT_FALSE(queue.Offer(TestBatch(1, 1)));
  for (int i = 0; i < 3; ++i) queue.Finish(*queue.Take(), SendResult());
  EXPECT_FALSE(queue.full());
}

TEST_F(SendingQueueTest, PiecesTakeThePlaceOfTheirBatch) {
  auto queue = Make();
  queue.Offer(TestBatch(1, 5));
  queue.Offer(TestBatch(9, 1));
  queue.FinishInPieces(*queue.Take(), {TestBatch(1, 2), TestBatch(1, 3)}, true);
  EXPECT_EQ(StatsOf(queue).queued_spans, 6u);
  EXPECT_EQ(StatsOf(queue).queue_batches, 3u);
  EXPECT_EQ(StatsOf(queue).splits, 1u);
  for (const uint32_t spans : {2u, 3u, 1u}) {
    auto piece = queue.Take();
    EXPECT_EQ(piece->batch.spans, spans);
    queue.Finish(*std::move(piece), SendResult());
  }
  EXPECT_EQ(StatsOf(queue).forwarded_spans, 6u);
  EXPECT_TRUE(queue.idle());
}

TEST_F(SendingQueueTest, ABackendThatFailsTwiceIsProbedByOneRequest) {
  auto queue = Make({.num_consumers = 4});
  for (uint32_t i = 0; i < 12; ++i) queue.Offer(TestBatch(1, 1));
  std::vector<QueuedBatch> in_flight;
  while (auto item = queue.Take()) in_flight.push_back(*std::move(item));
  ASSERT_EQ(in_flight.size(), 4u);
  for (QueuedBatch& item : in_flight) queue.Finish(std::move(item), {.outcome = Outcome::kRetry});
  EXPECT_EQ(StatsOf(queue).state, BackendState::kDown);
  EXPECT_FALSE(queue.Take().has_value());
  clock_.Advance(1s);
  auto probe = queue.Take();
  ASSERT_TRUE(probe.has_value());
  EXPECT_FALSE(queue.Take().has_value());
  queue.Finish(*std::move(probe), SendResult());
  EXPECT_EQ(StatsOf(queue).state, BackendState::kProbing);
  clock_.Advance(1s);
  EXPECT_TRUE(queue.Take().has_value());
  EXPECT_TRUE(queue.Take().has_value());
  EXPECT_FALSE(queue.Take().has_value()) << "two at a time after the first success";
}

std::vector<uint64_t> Store(SendingQueue& queue, uint64_t first_id) {
  std::vector<QueuedBatch> batches = queue.TakeUnstored(UINT64_MAX);
  std::vector<uint64_t> ids;
  for (size_t i = 0; i < batches.size(); ++i) ids.push_back(first_id + i);
  queue.Stored(std::move(batches), ids);
  return ids;
}

TEST_F(SendingQueueTest, WithAStorageOnlyWhatIsWrittenIsGivenOut) {
  auto queue = Make();
  queue.UseStorage({{.id = 3, .spans = 10, .traces = 1, .bytes = 100}});
  queue.Offer(TestBatch(1, 5));
  auto recovered = queue.Take();
  EXPECT_EQ(recovered->batch.payload, nullptr);
  EXPECT_EQ(recovered->stored->id, 3u);
  EXPECT_FALSE(queue.Take().has_value());
  Store(queue, 4);
  auto fresh = queue.Take();
  EXPECT_NE(fresh->batch.payload, nullptr);
  EXPECT_EQ(StatsOf(queue).recovered_spans, 10u);
  EXPECT_TRUE(queue.TakeRemovals().empty());
  queue.Finish(*std::move(recovered), SendResult());
  queue.Finish(*std::move(fresh), SendResult());
  EXPECT_EQ(queue.TakeRemovals(), (std::vector<uint64_t>{3, 4}));
  EXPECT_EQ(StatsOf(queue).stored_bytes, 0u);
}

TEST_F(SendingQueueTest, AStoredBatchIsErasedWithTheLastOfItsPieces) {
  auto queue = Make();
  queue.UseStorage({});
  queue.Offer(TestBatch(1, 5));
  Store(queue, 1);
  queue.FinishInPieces(*queue.Take(), {TestBatch(1, 2), TestBatch(1, 3)}, true);
  queue.Finish(*queue.Take(), SendResult());
  EXPECT_TRUE(queue.TakeRemovals().empty());
  queue.Finish(*queue.Take(), {.outcome = Outcome::kDropped});
  EXPECT_EQ(queue.TakeRemovals(), std::vector<uint64_t>{1});
}

TEST_F(SendingQueueTest, AtTheEndWhatIsStoredStaysThere) {
  auto queue = Make();
  queue.UseStorage({});
  for (uint32_t spans : {1u, 2u, 4u}) queue.Offer(TestBatch(1, spans));
  Store(queue, 1);
  auto in_flight = queue.Take();
  queue.Close(clock_.MonotonicNs());
  EXPECT_FALSE(queue.Take().has_value());
  queue.Finish(*std::move(in_flight), {.outcome = Outcome::kRetry});
  EXPECT_TRUE(queue.idle());
  EXPECT_TRUE(queue.DropQueued(DropReason::kShutdown).empty());
  EXPECT_EQ(StatsOf(queue).queued_spans, 7u);
  EXPECT_TRUE(queue.TakeRemovals().empty());
}

TEST_F(SendingQueueTest, WhatCannotBeWrittenIsHeldInMemory) {
  auto queue = Make();
  queue.UseStorage({});
  queue.Offer(TestBatch(1, 5));
  queue.Stored(queue.TakeUnstored(UINT64_MAX), {});
  auto item = queue.Take();
  EXPECT_EQ(item->stored, nullptr);
  queue.Finish(*std::move(item), SendResult());
  EXPECT_EQ(StatsOf(queue).forwarded_spans, 5u);
}

}  // namespace
}  // namespace tailrace

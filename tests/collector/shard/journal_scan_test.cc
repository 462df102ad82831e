#include "collector/shard/journal_scan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "base/hash.h"
#include "tests/support/otlp_builder.h"

namespace tailrace {
namespace {

constexpr JournalKey kAll{.decided_ns = INT64_MAX};

class JournalScanTest : public ::testing::Test {
 protected:
  void Add(uint64_t number, int64_t decided_ns, uint8_t seen = 0) {
    JournalRecord record;
    record.id = TraceId::FromBytes(testing::TestId(16, number).data());
    record.decided_ns = decided_ns;
    record.seen = seen;
    record.time.Add(1'000, 1'000 + number);
    record.votes.Set(number % 3, Vote::kDropped);
    record.policy = static_cast<uint16_t>(number % 3);
    ring_.Add(TraceIdHasher()(record.id), record);
  }

  // All that a scan finds, in turns of so many records.
  std::vector<uint64_t> Scan(JournalCursor cursor, uint32_t records_a_turn = UINT32_MAX) {
    std::vector<FoundTrace> found;
    for (int turns = 0; !cursor.ended && turns < 100'000; ++turns) {
      ScanBudget budget{.records = records_a_turn};
      ScanJournal(ring_, filter_, &cursor, &budget, &found);
      searched_ += records_a_turn - budget.records;
    }
    std::vector<uint64_t> numbers;
    for (const FoundTrace& trace : found) numbers.push_back(static_cast<uint64_t>(trace.record.duration_ns()));
    return numbers;
  }

  JournalRing ring_{100, 10'000, 1'000'000};
  JournalFilter filter_;
  uint64_t searched_ = 0;
};

TEST_F(JournalScanTest, GoesThroughAllInBothDirectionsWhateverTheTurns) {
  for (uint64_t number = 1; number <= 250; ++number) Add(number, static_cast<int64_t>(number / 3));
  std::vector<uint64_t> expected;
  for (uint64_t number = 151; number <= 250; ++number) expected.push_back(number);
  for (const uint32_t records : {1u, 7u, 100u, 1'000u}) {
    EXPECT_EQ(Scan({.newest_first = false, .above = {.decided_ns = INT64_MIN}, .below = kAll}, records), expected);
    std::vector<uint64_t> back = Scan({.above = {.decided_ns = INT64_MIN}, .below = kAll}, records);
    std::reverse(back.begin(), back.end());
    EXPECT_EQ(back, expected);
  }
}

TEST_F(JournalScanTest, StaysBetweenItsBounds) {
  for (uint64_t number = 0; number < 50; ++number) Add(number, static_cast<int64_t>(10 * number));
  const JournalKey at_20{.decided_ns = 200, .source = 3, .number = 20};
  const JournalKey at_23{.decided_ns = 230, .source = 3, .number = 23};
  EXPECT_EQ(Scan({.source = 3, .above = at_20, .below = at_23}), (std::vector<uint64_t>{22, 21}));
  EXPECT_EQ(Scan({.source = 3, .newest_first = false, .above = at_20, .below = at_23}),
            (std::vector<uint64_t>{21, 22}));
  // Bounds that stand in other rings.
  EXPECT_EQ(Scan({.source = 2, .above = at_20, .below = at_23}), (std::vector<uint64_t>{23, 22, 21}));
  EXPECT_EQ(Scan({.source = 4, .above = at_20, .below = at_23}), (std::vector<uint64_t>{22, 21, 20}));
  searched_ = 0;
  Scan({.source = 3, .above = at_20, .below = at_23});
  EXPECT_LE(searched_, 4u) << "the rest is not even looked at";
}

TEST_F(JournalScanTest, GoesOnWhereItStoodThoughTheRingMovesOn) {
  for (uint64_t number = 1; number <= 100; ++number) Add(number, static_cast<int64_t>(number));
  JournalCursor cursor{.above = {.decided_ns = INT64_MIN}, .below = kAll};
  std::vector<FoundTrace> found;
  ScanBudget ten{.records = 10};
  ScanJournal(ring_, filter_, &cursor, &ten, &found);
  for (uint64_t number = 101; number <= 150; ++number) Add(number, static_cast<int64_t>(number));
  ScanBudget rest;
  ScanJournal(ring_, filter_, &cursor, &rest, &found);
  EXPECT_TRUE(cursor.ended);
  ASSERT_EQ(found.size(), 50u) << "from 100 down to 51, the oldest that is left";
  for (size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i].record.decided_ns, 100 - static_cast<int64_t>(i));
  for (uint64_t number = 151; number <= 400; ++number) Add(number, static_cast<int64_t>(number));
  ScanJournal(ring_, filter_, &cursor, &rest, &found);
  EXPECT_EQ(found.size(), 50u);
}

TEST_F(JournalScanTest, Filters) {
  for (uint64_t number = 1; number <= 30; ++number) {
    Add(number, static_cast<int64_t>(number), number % 10 == 0 ? kSeenStatusError : kSeenStatusUnset);
  }
  const JournalCursor all{.above = {.decided_ns = INT64_MIN}, .below = kAll};
  filter_.error = true;
  EXPECT_EQ(Scan(all), (std::vector<uint64_t>{30, 20, 10}));
  filter_.policy = 0;
  EXPECT_EQ(Scan(all), (std::vector<uint64_t>{30}));
  filter_ = {.duration_min_ns = 4, .duration_max_ns = 5};
  EXPECT_EQ(Scan(all), (std::vector<uint64_t>{5, 4}));
  filter_ = {.id_prefix = "0000000000000000000000000000001"};
  EXPECT_EQ(Scan(all).size(), 15u) << "10 to 1e, but for 1f";
}

}  // namespace
}  // namespace tailrace

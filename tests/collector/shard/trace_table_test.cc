#include "collector/shard/trace_table.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace tailrace {
namespace {

TraceId Id(uint64_t number) {
  TraceId id;
  std::memcpy(id.bytes.data(), &number, sizeof(number));
  return id;
}

class TraceTableTest : public ::testing::Test {
 protected:
  uint32_t Insert(uint64_t number, int64_t now) {
    return table_.Insert(Id(number), hasher_(Id(number)), 0, now, now + 100);
  }
  uint32_t Find(uint64_t number) { return table_.Find(Id(number), hasher_(Id(number))); }

  TraceIdHasher hasher_;
  TraceTable table_{8};
};

TEST_F(TraceTableTest, FindsWhatWasInsertedUntilItIsRemoved) {
  const uint32_t record = Insert(1, 0);
  EXPECT_EQ(Find(1), record);
  EXPECT_EQ(Find(2), TraceTable::kNone);
  table_.Remove(record);
  EXPECT_EQ(Find(1), TraceTable::kNone);
  EXPECT_EQ(table_.Earliest(), TraceTable::kNone);
}

TEST_F(TraceTableTest, IsFullAtItsBoundAndReusesRecords) {
  for (uint64_t i = 1; i <= 8; ++i) Insert(i, 0);
  EXPECT_TRUE(table_.full());
  for (uint64_t i = 9; i < 1000; ++i) {
    const uint32_t oldest = table_.Oldest();
    EXPECT_EQ(table_[oldest].id, Id(i - 8));
    table_.Remove(oldest);
    Insert(i, static_cast<int64_t>(i));
    EXPECT_EQ(table_[Find(i)].facts.span_count, 0u) << "a used record starts anew";
  }
}

TEST_F(TraceTableTest, ADeadlineBroughtForwardComesFirst) {
  const uint32_t first = Insert(1, 0), second = Insert(2, 10);
  table_.BringForward(second, 50);
  EXPECT_EQ(table_.Earliest(), second);
  EXPECT_EQ(table_.Oldest(), first);
  table_.BringForward(first, 150);
  EXPECT_EQ(table_[first].deadline_ns, 100) << "never later";
  table_.Remove(second);
  EXPECT_EQ(table_.Earliest(), first);
}

TEST_F(TraceTableTest, ManyRootsBroughtForwardNeverFillTheQueues) {
  for (uint64_t i = 1; i < 100'000; ++i) {
    const uint32_t record = Insert(i, static_cast<int64_t>(i));
    table_.BringForward(record, static_cast<int64_t>(i) + 1);
    if (table_.size() < 4) continue;
    const uint32_t due = table_.Earliest();
    EXPECT_EQ(table_[due].id, Id(i - 3));
    table_.Remove(due);
  }
}

}  // namespace
}  // namespace tailrace

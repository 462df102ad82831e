// Which trace goes first when there is no room.
#include "collector/shard/eviction.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "base/hash.h"

namespace tailrace {
namespace {

constexpr uint16_t kLoud = 7;
constexpr uint16_t kQuiet = 8;

class EvictionTest : public ::testing::Test {
 protected:
  // `blocks` of a trace are counted, not taken: its service's share has them.
  uint32_t Begin(uint16_t service, Worth worth = Worth::kSingle) {
    TraceId id;
    ++number_;
    ++now_ns_;
    std::memcpy(id.bytes.data(), &number_, sizeof(number_));
    const uint32_t record = table_.Insert(id, hasher_(id), service, now_ns_, now_ns_ + 1'000'000);
    table_[record].worth = worth;
    shares_.AddTrace(service, worth);
    return record;
  }
  void Grow(uint32_t record, uint32_t blocks) {
    const std::string bytes(blocks * BlockPool::kBlockBytes - SpanChain::kSegmentBytes, 'x');
    const uint32_t before = table_[record].spans.block_count();
    table_[record].spans.Append(&pool_, 0, bytes);
    shares_.AddBlocks(table_[record].service, table_[record].worth, table_[record].spans.block_count() - before);
  }
  void Remove(uint32_t record) {
    TraceRecord& trace = table_[record];
    shares_.Remove(trace.service, trace.worth, trace.spans.block_count());
    trace.spans.Free(&pool_);
    table_.Remove(record);
  }
  uint32_t Next(Eviction::Short what = Eviction::Short::kTraces) {
    uint32_t soon = 0;
    const uint32_t record = Eviction::Choose(&table_, shares_, what, now_ns_, &soon);
    if (record == TraceTable::kNone) return record;
    service_ = table_[record].service;
    Remove(record);
    return record;
  }

  TraceTable table_{10'000};
  uint16_t service_ = 0;  // of the last one that went
  BlockPool pool_{1'000 * BlockPool::kBlockBytes, /*prefault=*/false};
  ServiceShares shares_;
  TraceIdHasher hasher_;
  uint64_t number_ = 0;
  int64_t now_ns_ = 0;
};

TEST_F(EvictionTest, AnEmptyTableHasNothingToGive) { EXPECT_EQ(Next(), TraceTable::kNone); }

TEST_F(EvictionTest, OfOneServiceTheOldestGoesSingleOnesFirstPreciousOnesLast) {
  const uint32_t precious = Begin(kQuiet, Worth::kPrecious);
  const uint32_t plain = Begin(kQuiet, Worth::kPlain);
  const uint32_t first = Begin(kQuiet);
  const uint32_t second = Begin(kQuiet);
  EXPECT_EQ(Next(), first);
  EXPECT_EQ(Next(), second);
  EXPECT_EQ(Next(), plain);
  EXPECT_EQ(Next(), precious);
  EXPECT_EQ(Next(), TraceTable::kNone);
}

TEST_F(EvictionTest, ALoudServicePushesNobodyOut) {
  const uint32_t quiet = Begin(kQuiet);
  std::vector<uint32_t> loud;
  for (int i = 0; i < 100; ++i) loud.push_back(Begin(kLoud));
  for (int i = 0; i < 99; ++i) EXPECT_EQ(Next(), loud[i]) << i;
  // Now each of the two has one.
  EXPECT_EQ(Next(), quiet);
}

TEST_F(EvictionTest, NorDoesOneThatSaysThatAllIsAnError) {
  std::vector<uint32_t> quiet = {Begin(kQuiet), Begin(kQuiet, Worth::kPlain), Begin(kQuiet, Worth::kPrecious)};
  for (int i = 0; i < 100; ++i) Begin(kLoud, Worth::kPrecious);
  for (int i = 0; i < 99; ++i) EXPECT_EQ(std::count(quiet.begin(), quiet.end(), Next()), 0) << i;
}

// Many traces of a large service are under way when another one begins a trace with every span.
TEST_F(EvictionTest, AServiceWithManyTracesLosesNoneToAFloodOfSingleOnes) {
  for (int i = 0; i < 500; ++i) Begin(kQuiet, Worth::kPlain);
  for (int i = 0; i < 10; ++i) Begin(kQuiet);  // they have just begun
  for (int i = 0; i < 2'000; ++i) {
    Begin(kLoud);
    if (i < 50) continue;  // until then the table has room
    EXPECT_NE(Next(), TraceTable::kNone);
    EXPECT_EQ(service_, kLoud) << i;
  }
}

TEST_F(EvictionTest, AFloodIsFoundBehindManyQuietOnes) {
  constexpr uint32_t kMany = 5'000;
  for (uint32_t i = 0; i < kMany; ++i) Begin(static_cast<uint16_t>(100 + i % 400));
  uint32_t wrong = 0;
  for (int i = 0; i < 4'000; ++i) {
    Begin(kLoud);
    if (i < 2'000) continue;  // until then the table has room
    EXPECT_NE(Next(), TraceTable::kNone);
    wrong += service_ == kLoud ? 0 : 1;
  }
  // The mark goes past so many at a time.
  EXPECT_LE(wrong, kMany / Eviction::kLooksMax + 1);
}

TEST_F(EvictionTest, WhereMemoryIsShortTheLargestTimesOldestOfTheNextFewGoes) {
  const uint32_t old = Begin(kQuiet);
  Grow(old, 2);
  const uint32_t large = Begin(kQuiet);
  Grow(large, 20);
  const uint32_t last = Begin(kQuiet);
  Grow(last, 1);
  EXPECT_EQ(Next(Eviction::Short::kBlocks), large);
  EXPECT_EQ(Next(Eviction::Short::kBlocks), old);
  EXPECT_EQ(Next(Eviction::Short::kBlocks), last);
}

TEST_F(EvictionTest, SharesOfMemoryAreCountedInBlocks) {
  const uint32_t quiet = Begin(kQuiet);
  Grow(quiet, 1);
  const uint32_t loud = Begin(kLoud);  // as many traces
  Grow(loud, 9);
  EXPECT_EQ(Next(Eviction::Short::kBlocks), loud);
}

TEST_F(EvictionTest, MarksKeepTheirPlaceWhenTheQueueIsSifted) {
  const uint32_t precious = Begin(kQuiet, Worth::kPrecious);
  uint32_t last = Begin(kQuiet);
  // The queue holds some thousand entries; those of the dead are sifted out several times.
  for (int i = 0; i < 20'000; ++i) {
    const uint32_t next = Begin(kQuiet);
    ASSERT_EQ(Next(), last) << i;
    last = next;
  }
  EXPECT_EQ(Next(), last);
  EXPECT_EQ(Next(), precious);
}

}  // namespace
}  // namespace tailrace

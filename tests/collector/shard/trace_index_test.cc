#include "collector/shard/trace_index.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace tailrace {
namespace {

// Records by number, each with the hash it was inserted under: what the table's records are to the index.
class TraceIndexTest : public ::testing::Test {
 protected:
  static constexpr uint32_t kRecords = 64;

  void Insert(uint64_t hash, uint32_t record) {
    hashes_[record] = hash;
    index_.Insert(hash, record);
  }
  uint32_t Find(uint64_t hash) {
    return index_.Find(hash, [&](uint32_t record) { return hashes_.at(record) == hash; });
  }

  TraceIndex index_{kRecords};
  std::map<uint32_t, uint64_t> hashes_;
};

TEST_F(TraceIndexTest, FindsByHashAndAsksWhichOfSeveral) {
  Insert(5, 1);
  Insert(5 | uint64_t{1} << 40, 2);  // the same low half: only whoever holds the records can tell
  EXPECT_EQ(Find(5), 1u);
  EXPECT_EQ(Find(5 | uint64_t{1} << 40), 2u);
  EXPECT_EQ(Find(6), TraceIndex::kNone);
  index_.Erase(5, 1);
  EXPECT_EQ(Find(5), TraceIndex::kNone);
  EXPECT_EQ(Find(5 | uint64_t{1} << 40), 2u);
}

TEST_F(TraceIndexTest, ClustersThatWrapAroundTheEndStayWhole) {
  for (uint32_t i = 0; i < 8; ++i) Insert(127, i);  // 128 slots: all but the first lie behind the end
  index_.Erase(127, 3);
  index_.Erase(127, 0);
  std::vector<uint32_t> seen;
  index_.Find(127, [&](uint32_t record) {
    seen.push_back(record);
    return false;
  });
  EXPECT_EQ(seen, (std::vector<uint32_t>{1, 2, 4, 5, 6, 7}));
}

// Against std::map, with hashes so alike that clusters form, merge and fall apart.
TEST_F(TraceIndexTest, AgreesWithAMapOverManyInsertionsAndErasures) {
  std::mt19937_64 random(1);
  std::map<uint64_t, uint32_t> expected;
  std::vector<uint32_t> free;
  for (uint32_t i = 0; i < kRecords; ++i) free.push_back(i);
  for (int step = 0; step < 100'000; ++step) {
    const uint64_t hash = random() % 200 | (random() % 2) << 40;
    const auto at = expected.find(hash);
    ASSERT_EQ(Find(hash), at == expected.end() ? TraceIndex::kNone : at->second) << step;
    if (at != expected.end()) {
      index_.Erase(hash, at->second);
      free.push_back(at->second);
      expected.erase(at);
    } else if (!free.empty()) {
      Insert(hash, free.back());
      expected[hash] = free.back();
      free.pop_back();
    }
  }
  EXPECT_FALSE(expected.empty());
}

}  // namespace
}  // namespace tailrace

#include "processors/decision_cache.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace tailrace {
namespace {

uint64_t Hash(uint64_t number) {
  return MultiplyFold(number + 1, 0x9E3779B97F4A7C15ULL) ^ MultiplyFold(number, 0xA0761D6478BD642FULL);
}

constexpr DecisionCache::Remembered kDropped{.sampled = false, .policy = 1};
constexpr DecisionCache::Remembered kKept{.sampled = true, .policy = 2};

TEST(DecisionCache, RemembersTheDecisionWithItsPolicy) {
  DecisionCache cache(1000, 1000);
  EXPECT_FALSE(cache.Find(Hash(7)).has_value());
  cache.Insert(Hash(7), {.sampled = true, .policy = 12});
  cache.Insert(Hash(8), {.sampled = false, .policy = 5000});
  ASSERT_TRUE(cache.Find(Hash(7)).has_value());
  EXPECT_TRUE(cache.Find(Hash(7))->sampled);
  EXPECT_EQ(cache.Find(Hash(7))->policy, 12u);
  ASSERT_TRUE(cache.Find(Hash(8)).has_value());
  EXPECT_FALSE(cache.Find(Hash(8))->sampled);
  EXPECT_EQ(cache.Find(Hash(8))->policy, DecisionCache::kNoPolicy);
}

TEST(DecisionCache, TheLastDecisionOfATraceCounts) {
  DecisionCache cache(8, 8);
  cache.Insert(Hash(7), kDropped);
  cache.Insert(Hash(7), kKept);
  EXPECT_TRUE(cache.Find(Hash(7))->sampled);
}

TEST(DecisionCache, OfNoCapacityRemembersNothing) {
  DecisionCache cache(0, 0);
  cache.Insert(Hash(1), kKept);
  EXPECT_FALSE(cache.Find(Hash(1)).has_value());
  EXPECT_EQ(cache.bytes(), 0u);
}

TEST(DecisionCache, ForgetsTheLeastRecentlyUsedOfASet) {
  DecisionCache cache(4, 4);  // one set
  for (uint64_t i = 0; i < 8; ++i) cache.Insert(Hash(i), kDropped);
  EXPECT_TRUE(cache.Find(Hash(0)).has_value());  // now the most recently used
  cache.Insert(Hash(100), kDropped);
  EXPECT_TRUE(cache.Find(Hash(0)).has_value());
  EXPECT_FALSE(cache.Find(Hash(1)).has_value());
  EXPECT_TRUE(cache.Find(Hash(100)).has_value());
}

TEST(DecisionCache, FloodsOfOneKindLeaveTheOtherItsShare) {
  DecisionCache cache(4, 4);  // one set, four places for each kind
  for (uint64_t i = 0; i < 4; ++i) cache.Insert(Hash(i), kKept);
  for (uint64_t i = 100; i < 1000; ++i) cache.Insert(Hash(i), kDropped);
  for (uint64_t i = 0; i < 4; ++i) EXPECT_TRUE(cache.Find(Hash(i)).has_value()) << i;
  for (uint64_t i = 2000; i < 3000; ++i) cache.Insert(Hash(i), kKept);
  for (uint64_t i = 996; i < 1000; ++i) EXPECT_TRUE(cache.Find(Hash(i)).has_value()) << i;
  EXPECT_FALSE(cache.Find(Hash(0)).has_value());
}

TEST(DecisionCache, KeepsMostOfItsCapacityAndMistakesNoStranger) {
  constexpr uint64_t kTraces = 100'000;
  DecisionCache cache(kTraces, kTraces);
  for (uint64_t i = 0; i < kTraces; ++i) cache.Insert(Hash(i), kDropped);
  uint64_t found = 0, strangers = 0;
  for (uint64_t i = 0; i < kTraces; ++i) found += cache.Find(Hash(i)).has_value() ? 1 : 0;
  for (uint64_t i = kTraces; i < 10 * kTraces; ++i) strangers += cache.Find(Hash(i)).has_value() ? 1 : 0;
  EXPECT_GT(found, kTraces * 98 / 100);
  EXPECT_EQ(strangers, 0u);
}

}  // namespace
}  // namespace tailrace

#include "processors/decision_cache.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace tailrace {
namespace {

uint64_t Hash(uint64_t number) {
  return MultiplyFold(number + 1, 0x9E3779B97F4A7C15ULL) ^ MultiplyFold(number, 0xA0761D6478BD642FULL);
}

TEST(DecisionCache, RemembersWithThePolicy) {
  DecisionCache cache(1000);
  EXPECT_FALSE(cache.Find(Hash(7)));
  cache.Insert(Hash(7), 12);
  uint32_t policy = 0;
  EXPECT_TRUE(cache.Find(Hash(7), &policy));
  EXPECT_EQ(policy, 12u);
  cache.Insert(Hash(8), 5000);
  EXPECT_TRUE(cache.Find(Hash(8), &policy));
  EXPECT_EQ(policy, DecisionCache::kNoPolicy);
}

TEST(DecisionCache, OfNoCapacityRemembersNothing) {
  DecisionCache cache(0);
  cache.Insert(Hash(1), 1);
  EXPECT_FALSE(cache.Find(Hash(1)));
  EXPECT_EQ(cache.bytes(), 0u);
}

TEST(DecisionCache, ForgetsTheLeastRecentlyUsedOfASet) {
  DecisionCache cache(8);  // one set
  for (uint64_t i = 0; i < 8; ++i) cache.Insert(Hash(i), 0);
  EXPECT_TRUE(cache.Find(Hash(0)));  // now the most recently used
  cache.Insert(Hash(100), 0);
  EXPECT_TRUE(cache.Find(Hash(0)));
  EXPECT_FALSE(cache.Find(Hash(1)));
  EXPECT_TRUE(cache.Find(Hash(100)));
}

TEST(DecisionCache, KeepsMostOfItsCapacityAndMistakesNoStranger) {
  constexpr uint64_t kTraces = 100'000;
  DecisionCache cache(2 * kTraces);
  for (uint64_t i = 0; i < kTraces; ++i) cache.Insert(Hash(i), 1);
  uint64_t found = 0, strangers = 0;
  for (uint64_t i = 0; i < kTraces; ++i) found += cache.Find(Hash(i));
  for (uint64_t i = kTraces; i < 10 * kTraces; ++i) strangers += cache.Find(Hash(i));
  EXPECT_GT(found, kTraces * 98 / 100);
  EXPECT_EQ(strangers, 0u);
}

}  // namespace
}  // namespace tailrace

// What is remembered of credentials, and what goes.
#include "collector/access/verdict_cache.h"

#include <gtest/gtest.h>

#include <string>

namespace tailrace {
namespace {

TEST(VerdictCache, WrongOnesPushNoGoodOneOut) {
  const KeyedDigest digest;
  VerdictCache cache;
  EXPECT_EQ(cache.Find(digest.Of("a")), std::nullopt);
  cache.Remember(digest.Of("a"), true);
  for (size_t i = 0; i < 3 * VerdictCache::kEntriesMax; ++i)
    cache.Remember(digest.Of("wrong" + std::to_string(i)), false);
  EXPECT_EQ(cache.Find(digest.Of("a")), true);
  EXPECT_EQ(cache.Find(digest.Of("wrong0")), std::nullopt) << "the oldest are gone";
  EXPECT_EQ(cache.Find(digest.Of("wrong" + std::to_string(3 * VerdictCache::kEntriesMax - 1))), false);
}

TEST(VerdictCache, IsBounded) {
  const KeyedDigest digest;
  VerdictCache cache;
  for (size_t i = 0; i <= VerdictCache::kEntriesMax; ++i) cache.Remember(digest.Of(std::to_string(i)), true);
  EXPECT_EQ(cache.Find(digest.Of("0")), std::nullopt);
  EXPECT_EQ(cache.Find(digest.Of("1")), true);
}

TEST(KeyedDigest, EachHasAKeyOfItsOwn) {
  const KeyedDigest one, other;
  EXPECT_TRUE(KeyedDigest::Same(one.Of("a"), one.Of("a")));
  EXPECT_FALSE(KeyedDigest::Same(one.Of("a"), one.Of("b")));
  EXPECT_FALSE(KeyedDigest::Same(one.Of("a"), other.Of("a")));
}

}  // namespace
}  // namespace tailrace

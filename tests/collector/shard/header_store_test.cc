#include "collector/shard/header_store.h"

#include <gtest/gtest.h>

#include <string>

namespace tailrace {
namespace {

TEST(HeaderStore, StoresEachPairOnce) {
  HeaderStore store;
  const uint32_t a = store.Intern("resource", "scope", 1);
  EXPECT_EQ(store.Intern("resource", "scope", 2), a);
  const uint32_t b = store.Intern("resources", "cope", 2);
  EXPECT_NE(a, b) << "the same bytes, cut elsewhere";
  EXPECT_EQ(store.Get(a).resource(), "resource");
  EXPECT_EQ(store.Get(a).scope(), "scope");
  EXPECT_EQ(store.Get(b).resource(), "resources");
  EXPECT_EQ(store.size(), 2u);
}

TEST(HeaderStore, SweepTakesOnlyWhatWasLastUsedBeforeTheOldestTrace) {
  HeaderStore store;
  const uint32_t old = store.Intern("old", "", 10);
  const uint32_t used_again = store.Intern("used again", "", 10);
  store.Intern("used again", "", 20);
  const uint64_t both = store.bytes();
  store.Sweep(10);
  EXPECT_EQ(store.bytes(), both) << "a trace that arrived at 10 may still use it";
  store.Sweep(20);
  EXPECT_EQ(store.size(), 1u);
  EXPECT_EQ(store.Get(used_again).resource(), "used again");
  EXPECT_EQ(store.Intern("new", "", 30), old) << "its number is used again";
  for (int i = 0; i < 1000; ++i) store.Intern(std::to_string(i), "", 40);
  store.Sweep(41);
  EXPECT_EQ(store.bytes(), 0u);
  EXPECT_EQ(store.size(), 0u);
}

}  // namespace
}  // namespace tailrace

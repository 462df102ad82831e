#include "base/text_set.h"

#include <string>

#include "gtest/gtest.h"

namespace tailrace {
namespace {

TEST(TextSet, AnEmptySetKnowsNothing) {
  const TextSet set;
  EXPECT_EQ(set.Find(""), TextSet::kNone);
  EXPECT_EQ(set.Find("a"), TextSet::kNone);
}

TEST(TextSet, NumbersFollowTheOrderOfAdding) {
  TextSet set;
  EXPECT_EQ(set.Add("url.path"), 0u);
  EXPECT_EQ(set.Add(""), 1u);
  EXPECT_EQ(set.Add("url.path"), 0u);
  EXPECT_EQ(set.size(), 2u);
  EXPECT_EQ(set.Find(""), 1u);
}

TEST(TextSet, TellsTextsApartThatShareTheirPlace) {
  // The same length, the same first and last eight bytes.
  TextSet set;
  const std::string a = "12345678-one-12345678", b = "12345678-two-12345678";
  set.Add(a);
  EXPECT_FALSE(set.Contains(b));
  EXPECT_EQ(set.Add(b), 1u);
  EXPECT_EQ(set.Find(a), 0u);
  EXPECT_FALSE(set.Contains("12345678-xxx-12345678"));
}

TEST(TextSet, FindsEveryOneOfManyOfAllLengths) {
  TextSet set;
  const auto text = [](uint32_t i) { return std::to_string(i) + std::string(i % 200, 'x'); };
  for (uint32_t i = 0; i < 3000; ++i) EXPECT_EQ(set.Add(text(i)), i);
  for (uint32_t i = 0; i < 3000; ++i) EXPECT_EQ(set.Find(text(i)), i);
  EXPECT_FALSE(set.Contains(text(3001)));
}

}  // namespace
}  // namespace tailrace

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/processors/ottl/compiler/asked.h"
#include "tests/support/otlp_builder.h"

namespace tailrace::ottl {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Collections, Len) {
  EXPECT_EQ(Ask("Len(\"abc\") == 3 and Len(\"\") == 0 and Len(\"é\") == 2"), "yes");
  EXPECT_EQ(Ask("Len(attributes[\"list\"]) == 3 and Len(attributes[\"map\"]) == 3"), "yes");
  EXPECT_EQ(Ask("Len(attributes[\"bytes\"]) == 2 and Len(attributes[\"no bytes\"]) == 0"), "yes");
  EXPECT_EQ(Ask("Len([1, 2]) == 2 and Len({\"a\": 1}) == 1 and Len([]) == 0"), "yes");
  EXPECT_EQ(Ask("Len(events) == 2 and Len(links) == 1"), "yes");
  EXPECT_EQ(Ask("Len(attributes) == 10"), "yes");
}

TEST(Collections, LenOfWhatHasNone) {
  EXPECT_THAT(Ask("Len(attributes[\"i\"]) == 1"), StartsWith("error:"));
  EXPECT_THAT(Ask("Len(attributes[\"missing\"]) == 0"), StartsWith("error:"));
  EXPECT_THAT(Ask("Len(attributes[\"nothing\"]) == 0"), StartsWith("error:"));
  EXPECT_THAT(Ask("Len(trace_id) == 16"), StartsWith("error:"));
  EXPECT_THAT(Ask("Len(true) == 1"), StartsWith("error:"));
}

TEST(Collections, KeysAndValues) {
  EXPECT_EQ(Ask("Keys(attributes[\"map\"]) == [\"k\", \"n\", \"in\"]"), "yes");
  EXPECT_EQ(Ask("Keys(attributes[\"map\"])[2] == \"in\" and Len(Keys({})) == 0"), "yes");
  EXPECT_EQ(Ask("Values(attributes[\"map\"])[0] == \"v\" and Values(attributes[\"map\"])[1] == 1"), "yes");
  EXPECT_EQ(Ask("Values(attributes[\"map\"])[2][\"x\"] == false"), "yes");
  EXPECT_THAT(Ask("Len(Keys(attributes[\"list\"])) == 3"), HasSubstr("expected pcommon.Map"));
  EXPECT_THAT(Ask("Len(Values(attributes[\"missing\"])) == 3"), StartsWith("error:"));
  EXPECT_THAT(Ask("Len(Keys(5)) == 0"), StartsWith("refused:"));
}

TEST(Collections, ContainsValue) {
  EXPECT_EQ(Ask("ContainsValue(attributes[\"list\"], \"a\") and ContainsValue(attributes[\"list\"], 2)"), "yes");
  EXPECT_EQ(Ask("ContainsValue(attributes[\"list\"], [0.5])"), "yes");
  EXPECT_EQ(Ask("ContainsValue(attributes[\"list\"], 2.0)"), "yes");
  EXPECT_EQ(Ask("ContainsValue(attributes[\"list\"], \"2\") or ContainsValue(attributes[\"list\"], nil)"), "no");
  EXPECT_EQ(Ask("ContainsValue([nil], nil) and ContainsValue([1, true], true)"), "yes");
  EXPECT_EQ(Ask("ContainsValue([], 1)"), "no");
  EXPECT_EQ(Ask("ContainsValue(Split(\"x;y\", \";\"), \"y\")"), "yes");
  EXPECT_THAT(Ask("ContainsValue(attributes[\"map\"], 1)"), StartsWith("error:"));
  EXPECT_THAT(Ask("ContainsValue(attributes[\"missing\"], 1)"), StartsWith("error:"));
}

TEST(Collections, Index) {
  EXPECT_EQ(Ask("Index(\"hello\", \"l\") == 2 and Index(\"hello\", \"\") == 0"), "yes");
  EXPECT_EQ(Ask("Index(\"hello\", \"z\") == -1"), "yes");
  EXPECT_EQ(Ask("Index(\"éa\", \"a\") == 2"), "yes");
  EXPECT_EQ(Ask("Index(attributes[\"list\"], 2) == 1 and Index(attributes[\"list\"], \"q\") == -1"), "yes");
  EXPECT_EQ(Ask("Index([1, 1], 1) == 0 and Index([[1]], [1]) == 0"), "yes");
  EXPECT_THAT(Ask("Index(\"hello\", 1) == 0"), HasSubstr("must be text"));
  EXPECT_THAT(Ask("Index(attributes[\"i\"], 5) == 0"), StartsWith("error:"));
}

TEST(Collections, SliceToMap) {
  const std::string list = R"(ParseJSON("[{\"id\":\"a\",\"v\":{\"n\":1}},{\"id\":\"b\",\"v\":{\"n\":2}}]"))";
  EXPECT_EQ(Ask("SliceToMap([\"x\", \"y\"])[\"1\"] == \"y\""), "yes");
  EXPECT_EQ(Ask("SliceToMap(" + list + ", [\"id\"])[\"b\"][\"v\"][\"n\"] == 2.0"), "yes");
  EXPECT_EQ(Ask("SliceToMap(" + list + ", [\"id\"], [\"v\", \"n\"])[\"a\"] == 1.0"), "yes");
  EXPECT_EQ(Ask("SliceToMap(" + list + ", value_path=[\"v\", \"n\"])[\"0\"] == 1.0"), "yes");
  EXPECT_EQ(Ask("Len(SliceToMap([])) == 0"), "yes");
  // The later item of one key counts.
  const std::string twice = R"(SliceToMap(ParseJSON("[{\"k\":\"a\",\"n\":1},{\"k\":\"a\",\"n\":2}]"), ["k"], ["n"]))";
  EXPECT_EQ(Ask(twice + "[\"a\"] == 2.0 and Len(" + twice + ") == 1"), "yes");
  EXPECT_THAT(Ask("Len(SliceToMap(" + list + ", [\"none\"])) == 2"), HasSubstr("does not contain the path"));
  EXPECT_THAT(Ask("Len(SliceToMap(" + list + ", [\"id\", \"x\"])) == 2"), HasSubstr("does not contain the path"));
  EXPECT_THAT(Ask("Len(SliceToMap(" + list + ", [\"v\"])) == 2"), HasSubstr("a key is no text"));
  EXPECT_THAT(Ask("Len(SliceToMap(" + list + ", [])) == 2"), HasSubstr("at least one part"));
  EXPECT_THAT(Ask("Len(SliceToMap(attributes[\"list\"], [\"id\"])) == 2"), HasSubstr("must be maps"));
}

TEST(Sort, ByTheKindOfAllItems) {
  EXPECT_EQ(Ask("Sort([3, 1, 2]) == [1, 2, 3] and Sort([3, 1, 2], \"desc\") == [3, 2, 1]"), "yes");
  EXPECT_EQ(Ask("Sort([2.5, 1, -1]) == [-1, 1, 2.5]"), "yes");
  EXPECT_EQ(Ask("Sort([\"b\", \"a\", \"C\"]) == [\"C\", \"a\", \"b\"]"), "yes");
  EXPECT_EQ(Ask("Sort([true, false]) == [false, true]"), "yes");
  // One text among numbers: all are compared as text, and stay what they are.
  EXPECT_EQ(Ask("Sort([9, 10, \"1x\"]) == [10, \"1x\", 9]"), "yes");
  EXPECT_EQ(Ask("Sort([\"b\", nil])[0] == nil"), "yes");
  EXPECT_EQ(Ask("Sort(Split(\"c,a,b\", \",\"), \"desc\")[0] == \"c\""), "yes");
  EXPECT_EQ(Ask("Sort([9223372036854775807, -9223372036854775807, 0])[0] == -9223372036854775807"), "yes");
}

TEST(Sort, WhatCannotBeSorted) {
  // A list among the items: the list as it is.
  EXPECT_EQ(Ask("Sort(attributes[\"list\"])[0] == \"a\" and Sort([[2], [1]])[0] == [2]"), "yes");
  EXPECT_EQ(Ask("Len(Sort([])) == 0"), "yes");
  EXPECT_THAT(Ask("Sort(attributes[\"s\"]) == [1]"), HasSubstr("not a list"));
  EXPECT_THAT(Ask("Sort(attributes[\"missing\"]) == [1]"), HasSubstr("not a list"));
  EXPECT_THAT(Ask("Sort(events) == [1]"), StartsWith("error:"));
  EXPECT_THAT(Ask("Sort([1], \"up\") == [1]"), StartsWith("refused:"));
}

TEST(Sort, NotANumberComesFirst) {
  Scene scene;
  testing::OtlpSpan more(0xABCD, 7, "x");
  more.Attribute("numbers", testing::ArrayValue(testing::DoubleValue(1), testing::DoubleValue(0.0 / 0.0),
                                                testing::DoubleValue(-1.0 / 0.0), testing::DoubleValue(0)));
  scene.span += more.Bytes();
  EXPECT_EQ(scene.Ask("Sort(attributes[\"numbers\"])[3] == 1.0 and Sort(attributes[\"numbers\"])[2] == 0.0"), "yes");
  EXPECT_EQ(scene.Ask("Sort(attributes[\"numbers\"], \"desc\")[0] == 1.0"), "yes");
}

}  // namespace
}  // namespace tailrace::ottl

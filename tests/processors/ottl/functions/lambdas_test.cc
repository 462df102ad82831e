#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/processors/ottl/compiler/asked.h"
#include "tests/support/otlp_builder.h"

namespace tailrace::ottl {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Lambdas, AnyAndAll) {
  EXPECT_EQ(Ask("Any(attributes[\"list\"], (_, v) => v == 2)"), "yes");
  EXPECT_EQ(Ask("Any(attributes[\"list\"], (i, _) => i == 3)"), "no");
  EXPECT_EQ(Ask("Any(attributes[\"map\"], (k, v) => k == \"n\" and v == 1)"), "yes");
  EXPECT_EQ(Ask("All(attributes[\"map\"], (k, v) => v != nil)"), "yes");
  EXPECT_EQ(Ask("All([1, 2, 3], (_, v) => v < 3)"), "no");
  EXPECT_EQ(Ask("Any([], (_, v) => true)"), "no");
  EXPECT_EQ(Ask("All({}, (_, v) => false)"), "yes");
  // Nothing after the item that decides is asked.
  EXPECT_EQ(Ask("Any([1, \"x\"], (_, v) => v + 1 == 2)"), "yes");
  EXPECT_THAT(Ask("All([1, \"x\"], (_, v) => v + 1 == 2)"), StartsWith("error:"));
}

TEST(Lambdas, WithinEachOther) {
  EXPECT_EQ(Ask("Any([1, 2], (_, a) => Any([2, 3], (_, b) => a == b))"), "yes");
  EXPECT_EQ(Ask("All([1, 2], (_, a) => Any([1, 3], (_, b) => a == b))"), "no");
  EXPECT_EQ(Ask("MapEach([[1, 2], [3]], (_, in) => Reduce(in, 0, (sum, _, v) => sum + v)) == [3, 3]"), "yes");
}

TEST(Lambdas, Filter) {
  EXPECT_EQ(Ask("Filter(attributes[\"list\"], (_, v) => IsString(v)) == [\"a\"]"), "yes");
  EXPECT_EQ(Ask("Filter([4, 5, 6], (i, v) => i > 0 and v < 6) == [5]"), "yes");
  EXPECT_EQ(Ask("Filter(attributes[\"map\"], (k, _) => k != \"in\") == {\"k\": \"v\", \"n\": 1}"), "yes");
  EXPECT_EQ(Ask("Len(Filter([1], (_, v) => false)) == 0"), "yes");
}

TEST(Lambdas, Find) {
  EXPECT_EQ(Ask("Find([4, 5, 6], (_, v) => v > 4) == 5"), "yes");
  EXPECT_EQ(Ask("Find([4, 5, 6], (_, v) => v > 4, (i, v) => i * 10 + v) == 15"), "yes");
  EXPECT_EQ(Ask("Find(attributes[\"map\"], (_, v) => v == 1, (k, _) => k) == \"n\""), "yes");
  EXPECT_EQ(Ask("Find([4], (_, v) => v > 4) == nil"), "yes");
  EXPECT_THAT(Ask("Find([4], (_, v) => true, (i) => i) == 0"), HasSubstr("exactly 2"));
  EXPECT_THAT(Ask("Find([4], (_, v) => true, (i, v) => nil) == nil"), HasSubstr("not nil"));
}

TEST(Lambdas, MapEach) {
  EXPECT_EQ(Ask("MapEach([1, 2], (i, v) => i + v) == [1, 3]"), "yes");
  EXPECT_EQ(Ask("MapEach({\"a\": 1, \"b\": 2}, (_, v) => v * 2) == {\"a\": 2, \"b\": 4}"), "yes");
  EXPECT_EQ(Ask("MapEach([1], (_, v) => [v]) == [[1]] and MapEach([1], (_, v) => v == 1)[0] == true"), "yes");
  EXPECT_EQ(Ask("MapEach([1], (_, v) => attributes[\"map\"])[0][\"k\"] == \"v\""), "yes");
  EXPECT_EQ(Ask("MapEach([1], (_, v) => Split(\"a b\", \" \"))[0][1] == \"b\""), "yes");
  EXPECT_THAT(Ask("Len(MapEach([1, nil], (_, v) => v)) == 2"), HasSubstr("not nil"));
  EXPECT_THAT(Ask("Len(MapEach([1], (_, v) => trace_id)) == 1"), StartsWith("error:"));
  EXPECT_THAT(Ask("Len(MapEach([1], (_, v) => start_time)) == 1"), StartsWith("error:"));
}

TEST(Lambdas, MapKeys) {
  EXPECT_EQ(Ask("MapKeys({\"a\": 1, \"b\": 2}, (k, v) => Concat([k, v], \"\")) == {\"a1\": 1, \"b2\": 2}"), "yes");
  EXPECT_EQ(Ask("MapKeys(attributes[\"map\"], (k, _) => \"same\")[\"same\"][\"x\"] == false"), "yes");
  EXPECT_EQ(Ask("Len(MapKeys(attributes[\"map\"], (k, _) => \"same\")) == 1"), "yes");
  EXPECT_THAT(Ask("Len(MapKeys({\"a\": 1}, (k, v) => v)) == 1"), HasSubstr("must return text"));
  EXPECT_THAT(Ask("Len(MapKeys(attributes[\"list\"], (k, v) => \"x\")) == 1"), StartsWith("error:"));
}

TEST(Lambdas, Reduce) {
  EXPECT_EQ(Ask("Reduce([1, 2, 3], 10, (sum, _, v) => sum + v) == 16"), "yes");
  EXPECT_EQ(Ask("Reduce(attributes[\"map\"], \"\", (all, k, _) => Concat([all, k], \"/\")) == \"/k/n/in\""), "yes");
  EXPECT_EQ(Ask("Reduce([], 7, (sum, _, v) => sum + v) == 7 and Reduce({}, nil, (a, k, v) => v) == nil"), "yes");
  EXPECT_THAT(Ask("Reduce([1, nil], 0, (_, i, v) => v) == 0"), HasSubstr("not nil"));
  EXPECT_THAT(Ask("Reduce([\"x\"], 0, (sum, _, v) => sum + v) == 0"), StartsWith("error:"));
  EXPECT_THAT(Ask("Reduce([1], 0, (sum, v) => sum + v) == 0"), HasSubstr("exactly 3"));
}

TEST(Lambdas, RefusedOrFailed) {
  EXPECT_THAT(Ask("Any([1], (v) => true)"), HasSubstr("exactly 2 parameters, but has 1"));
  EXPECT_THAT(Ask("Any([1], 5)"), StartsWith("refused:"));
  EXPECT_THAT(Ask("All([1], (_, v) => v)"), HasSubstr("must return a bool, not int64"));
  EXPECT_THAT(Ask("Any(attributes[\"s\"], (_, v) => true)"), HasSubstr("unsupported type provided: string"));
  EXPECT_THAT(Ask("Any(attributes[\"missing\"], (_, v) => true)"), StartsWith("error:"));
  EXPECT_THAT(Ask("Any(events, (_, v) => true)"), StartsWith("error:"));
}

// Each step doubles the text: 64 steps of it would need more memory than there is.
TEST(Lambdas, WhatGrowsWithoutBoundFails) {
  Scene scene;
  testing::WireBuilder items;
  for (int i = 0; i < 64; ++i) items.Bytes(1, testing::IntValue(i));
  testing::OtlpSpan more(0xABCD, 7, "x");
  more.Attribute("many", testing::WireBuilder().Bytes(5, items.Bytes()).Bytes());
  scene.span += more.Bytes();
  EXPECT_THAT(scene.Ask("Len(Reduce(attributes[\"many\"], \"x\", (all, _, v) => Concat([all, all], \"\"))) == 1"),
              HasSubstr("memory"));
  EXPECT_EQ(scene.Ask("Reduce(attributes[\"many\"], 0, (sum, _, v) => sum + v) == 2016"), "yes");
}

}  // namespace
}  // namespace tailrace::ottl

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/processors/ottl/compiler/asked.h"

namespace tailrace::ottl {
namespace {

using ::testing::StartsWith;

TEST(Math, PrecedenceAndSigns) {
  EXPECT_EQ(Ask("1 + 2 * 3 - 4 / 2 == 5"), "yes");
  EXPECT_EQ(Ask("(1 + 2) * 3 == 9"), "yes");
  EXPECT_EQ(Ask("10 - 4 - 3 == 3 and 100 / 10 / 5 == 2"), "yes");
  EXPECT_EQ(Ask("-attributes[\"i\"] == -5 and - 5 == -5 and +5 == 5 and -(2 + 3) == -5"), "yes");
  EXPECT_EQ(Ask("-attributes[\"d\"] == -1.5"), "yes");
  EXPECT_EQ(Ask("2 - -3 == 5"), "yes");
}

TEST(Math, IntsCutAndWrap) {
  EXPECT_EQ(Ask("7 / 2 == 3 and -7 / 2 == -3"), "yes");
  EXPECT_EQ(Ask("9223372036854775807 + 1 < 0"), "yes");
  EXPECT_EQ(Ask("(-9223372036854775807 - 1) / -1 == -9223372036854775807 - 1"), "yes");
  EXPECT_EQ(Ask("9223372036854775807 * 2 == -2"), "yes");
}

TEST(Math, AFloatMakesFloats) {
  EXPECT_EQ(Ask("7 / 2.0 == 3.5 and attributes[\"i\"] * attributes[\"d\"] == 7.5"), "yes");
  EXPECT_EQ(Ask("[1 + 1.0] == [2.0]"), "yes");
}

TEST(Math, TimesAndDurations) {
  EXPECT_EQ(Ask("start_time + (end_time - start_time) == end_time"), "yes");
  EXPECT_EQ(Ask("(end_time - start_time) + start_time == end_time"), "yes");
  EXPECT_EQ(Ask("end_time - (end_time - start_time) == start_time"), "yes");
  EXPECT_EQ(Ask("end_time_unix_nano - start_time_unix_nano == 1500000000"), "yes");
  EXPECT_EQ(Ask("(start_time - end_time) + (end_time - start_time) == start_time - start_time"), "yes");
  Scene scene;
  scene.span = testing::OtlpSpan(1, 1).Times(UINT64_MAX, uint64_t{1} << 62).Bytes();
  EXPECT_EQ(scene.Ask("start_time_unix_nano == -1 and start_time < end_time"), "yes");
  scene.span = testing::OtlpSpan(1, 1).Times(uint64_t{1} << 63, uint64_t{1} << 62).Bytes();
  EXPECT_EQ(scene.Ask("end_time - start_time > start_time - start_time"), "yes");
  EXPECT_EQ(scene.Ask("end_time_unix_nano - start_time_unix_nano < 0"), "yes");
}

TEST(Math, ErrorsAtEvaluation) {
  EXPECT_EQ(Ask("attributes[\"i\"] / 0 == 1"), "error: attempted to divide by 0");
  EXPECT_EQ(Ask("attributes[\"d\"] / 0.0 == 1"), "error: attempted to divide by 0");
  for (const char* condition :
       {"name + 1 == 1", "1 + name == 1", "attributes[\"missing\"] + 1 == 1", "-name == 1",
        "start_time + end_time == nil", "start_time * 2 == nil", "(end_time - start_time) * 2 == nil",
        "(end_time - start_time) - start_time == nil", "start_time + 1 == nil", "1 + start_time == nil"}) {
    EXPECT_THAT(Ask(condition), StartsWith("error: ")) << condition;
  }
}

}  // namespace
}  // namespace tailrace::ottl

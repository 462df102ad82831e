#include "collector/terminal/numbers_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace tailrace {
namespace {

TEST(NumbersText, Durations) {
  EXPECT_EQ(DurationText(0), "0ns");
  EXPECT_EQ(DurationText(35'000), "35us");
  EXPECT_EQ(DurationText(812'400'000), "812.4ms");
  EXPECT_EQ(DurationText(1'240'000'000), "1.24s");
}

TEST(NumbersText, Counts) {
  EXPECT_EQ(CountText(0), "0");
  EXPECT_EQ(CountText(9.84), "9.8");
  EXPECT_EQ(CountText(999), "999");
  EXPECT_EQ(CountText(999.4), "999");
  EXPECT_EQ(CountText(999.7), "1.0k");
  EXPECT_EQ(CountText(999'700), "1.0M");
  EXPECT_EQ(CountText(1234), "1.2k");
  EXPECT_EQ(CountText(3'400'000), "3.4M");
  EXPECT_EQ(CountText(-1500), "-1.5k");
  EXPECT_EQ(CountText(std::numeric_limits<double>::infinity()), "-");
  EXPECT_EQ(CountText(std::numeric_limits<double>::quiet_NaN()), "-");
}

TEST(NumbersText, BytesSharesUptimes) {
  EXPECT_EQ(BytesText(512), "512 B");
  EXPECT_EQ(BytesText(1536), "1.5 KiB");
  EXPECT_EQ(BytesText(312.0 * 1048576), "312 MiB");
  EXPECT_EQ(ShareText(0.098), "9.8%");
  EXPECT_EQ(ShareText(1), "100%");
  EXPECT_EQ(ShareText(std::numeric_limits<double>::quiet_NaN()), "-");
  EXPECT_EQ(UptimeText(12), "12s");
  EXPECT_EQ(UptimeText(307), "5m 7s");
  EXPECT_EQ(UptimeText(7380), "2h 3m");
  EXPECT_EQ(UptimeText(273'600), "3d 4h");
}

}  // namespace
}  // namespace tailrace

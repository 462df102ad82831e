#include "proto/adjusted_count.h"

#include <random>

#include "gtest/gtest.h"
#include "tests/support/otlp_builder.h"

namespace tailrace {
namespace {

constexpr uint64_t kWhole = uint64_t{1} << 56;

TEST(AdjustedCount, ReadsTheThresholdOfOpenTelemetrysMember) {
  EXPECT_EQ(SamplingThreshold("ot=th:8"), kWhole / 2);
  EXPECT_EQ(SamplingThreshold("vendor=x, ot=rv:00000000000001;th:c ,other=y"), kWhole / 4 * 3);
  EXPECT_EQ(SamplingThreshold("ot=th:0"), 0u);
  EXPECT_EQ(SamplingThreshold("ot=th:ffffffffffffff"), kWhole - 1);
}

TEST(AdjustedCount, WhatCannotBeReadStandsForItself) {
  for (const char* text : {"", "ot=", "ot=th:", "ot=th:G", "ot=th:8F", "ot=th:000000000000001", "th:8", "not=th:8",
                           "ot=rv:8", "ot", "=", ",,,", "ot=th"}) {
    EXPECT_EQ(SamplingThreshold(text), 0u) << text;
  }
}

TEST(AdjustedCount, WholeNumbersAreExactAndOthersRightOnAverage) {
  EXPECT_EQ(AdjustedCount(0, 5), 1u);
  EXPECT_EQ(AdjustedCount(kWhole / 2, 5), 2u);
  EXPECT_EQ(AdjustedCount(kWhole - 1, 5), kWhole);
  std::mt19937_64 engine(1);
  double sum = 0;
  constexpr int kDraws = 100'000;
  for (int i = 0; i < kDraws; ++i) sum += static_cast<double>(AdjustedCount(kWhole / 10 * 7, engine()));
  EXPECT_NEAR(sum / kDraws, 10.0 / 3, 0.02);
}

TEST(AdjustedCount, FindsTheTraceStateOfASpan) {
  EXPECT_EQ(TraceStateOf(testing::OtlpSpan(1, 1, "x").TraceState("ot=th:8").Bytes()), "ot=th:8");
  EXPECT_EQ(TraceStateOf(testing::OtlpSpan(1, 1, "x").Bytes()), "");
}

}  // namespace
}  // namespace tailrace

#include "collector/baselines/baseline_report.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/collector/baselines/counted_requests.h"

namespace tailrace {
namespace {

using namespace testing;  // NOLINT: the builders

TEST(BaselineReport, QuantilesOfAMillionSpansOnTwoShardsAreWithinOnePercent) {
  BaselineTable::Options options = BaselineTable::Size(4 << 20);
  std::vector<BaselineTable> tables;
  tables.emplace_back(options);
  tables.emplace_back(options);
  std::mt19937_64 engine(3);
  std::lognormal_distribution<> draw(16, 1.5);
  std::vector<uint64_t> durations;
  constexpr int kSpans = 1'000'000, kPerRequest = 500;
  for (int i = 0; i < kSpans / kPerRequest; ++i) {
    OtlpRequest request;
    request.Service("cart");
    for (int n = 0; n < kPerRequest; ++n) {
      durations.push_back(static_cast<uint64_t>(draw(engine)));
      request.Span(OtlpSpan(1, 1, "GET /").Times(1'000, 1'000 + durations.back()));
    }
    Count(&tables[static_cast<size_t>(i % 2)], request.Bytes(), 0);
  }
  const BaselineReport report = AddUp({CopyOfWindow(tables[0], 0), CopyOfWindow(tables[1], 0)});
  ASSERT_EQ(report.rows.size(), 1u);
  EXPECT_EQ(report.rows[0].totals.calls, static_cast<uint64_t>(kSpans));
  EXPECT_EQ(report.missed, 0u);
  std::sort(durations.begin(), durations.end());
  const auto exact = [&](double share) {
    return static_cast<double>(durations[static_cast<size_t>(share * (kSpans - 1))]);
  };
  EXPECT_NEAR(report.rows[0].p50_ns, exact(0.5), exact(0.5) * kDurationBinError);
  EXPECT_NEAR(report.rows[0].p95_ns, exact(0.95), exact(0.95) * kDurationBinError);
  EXPECT_NEAR(report.rows[0].p99_ns, exact(0.99), exact(0.99) * kDurationBinError);
}

TEST(BaselineReport, WhatTakesTheMostTimeComesFirst) {
  BaselineTable table(BaselineTable::Size(1 << 20));
  Count(&table, OtlpRequest().Service("a").Span(OtlpSpan(1, 1, "short").Times(1, 2)).Bytes(), 0);
  Count(&table, OtlpRequest().Service("b").Span(OtlpSpan(1, 1, "long").Times(1, 2'000'000'001)).Bytes(), 0);
  const BaselineReport report = AddUp({CopyOfWindow(table, 0)});
  ASSERT_EQ(report.rows.size(), 2u);
  EXPECT_EQ(report.rows[0].name.operation, "long");
}

TEST(BaselineReport, ARangeIsWholeWindows) {
  constexpr int64_t kS = 1'000'000'000;
  // At second 700 the third window, from 600 on, is running.
  const BaselineRange now = WindowsOf(700 * kS, 300, 0);
  EXPECT_EQ(now.from, 1);
  EXPECT_EQ(now.to, 2);
  EXPECT_EQ(now.seconds, 400);
  const BaselineRange before = WindowsOf(700 * kS, 300, 400);
  EXPECT_EQ(before.from, 0);
  EXPECT_EQ(before.to, 1);
  EXPECT_EQ(before.seconds, 600);
  const BaselineRange longest = WindowsOf(700 * kS, 100'000, 0);
  EXPECT_EQ(longest.from, 0);
  EXPECT_EQ(longest.to, 2);
  const BaselineRange held = WindowsOf(300'000 * kS, 100'000, 0);
  EXPECT_EQ(held.from, 1000 - 12);
  EXPECT_EQ(WindowsOf(300'000 * kS, 300, 50'000).seconds, 0);
  EXPECT_EQ(WindowsOf(700 * kS, 300, 0, 690 * kS).seconds, 10) << "what counts has not been there for longer";
}

}  // namespace
}  // namespace tailrace

#include "collector/terminal/critical_path.h"

#include <gtest/gtest.h>

#include <numeric>

namespace tailrace {
namespace {

using Times = std::vector<uint64_t>;

constexpr std::string_view kIds[] = {"0", "1", "2", "3", "4"};

// Span 0 is the root; parents[i] of the others.
Times Critical(const std::vector<SpanTimes>& times, const std::vector<uint32_t>& parents) {
  std::vector<SpanPlace> places = {{kIds[0], "", times[0].start_ns}};
  for (uint32_t i = 1; i < times.size(); ++i) places.push_back({kIds[i], kIds[parents[i]], times[i].start_ns});
  return CriticalTimes(BuildSpanTree(places), times, 0);
}

TEST(CriticalPath, ALoneSpanIsWaitedForItself) { EXPECT_EQ(Critical({{10, 30}}, {0}), Times({20})); }

TEST(CriticalPath, ChildrenInARowEachCount) {
  EXPECT_EQ(Critical({{0, 100}, {10, 40}, {50, 90}}, {0, 0, 0}), Times({30, 30, 40}));
}

TEST(CriticalPath, OfChildrenSideBySideTheOneThatEndsLast) {
  EXPECT_EQ(Critical({{0, 100}, {10, 60}, {10, 90}}, {0, 0, 0}), Times({20, 0, 80}));
}

TEST(CriticalPath, GrandchildrenTakeTheirShareOfTheChild) {
  EXPECT_EQ(Critical({{0, 100}, {10, 90}, {20, 80}}, {0, 0, 1}), Times({20, 20, 60}));
}

TEST(CriticalPath, WhatOutlivesItsParentCountsToItsEnd) {
  EXPECT_EQ(Critical({{0, 100}, {50, 500}}, {0, 0}), Times({50, 50}));
  EXPECT_EQ(Critical({{0, 100}, {200, 500}}, {0, 0}), Times({100, 0})) << "picked up later: nobody waited";
  EXPECT_EQ(Critical({{100, 200}, {0, 150}}, {0, 0}), Times({50, 50}));
}

TEST(CriticalPath, AddsUpToTheRootWhateverTheTimes) {
  uint64_t state = 1;
  const auto next = [&state] { return (state = state * 6364136223846793005u + 1442695040888963407u) >> 58; };
  for (int round = 0; round < 5000; ++round) {
    std::vector<SpanTimes> times;
    std::vector<uint32_t> parents;
    for (uint32_t i = 0; i < 5; ++i) {
      const uint64_t start = next();
      times.push_back({start, start + next()});
      parents.push_back(i == 0 ? 0 : static_cast<uint32_t>(next() % i));
    }
    const Times critical = Critical(times, parents);
    ASSERT_EQ(std::accumulate(critical.begin(), critical.end(), uint64_t{0}), times[0].end_ns - times[0].start_ns);
  }
}

}  // namespace
}  // namespace tailrace

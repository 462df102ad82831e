#include "collector/spanmetrics/duration_buckets.h"

#include <algorithm>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace tailrace {
namespace {

// As Go's sort.SearchFloat64s finds it among milliseconds.
size_t AsTheCollector(const std::vector<uint64_t>& bounds_ns, uint64_t ns) {
  std::vector<double> bounds;
  for (const uint64_t bound : bounds_ns) bounds.push_back(static_cast<double>(bound) / 1e6);
  const double value = static_cast<double>(ns) / 1e6;
  return static_cast<size_t>(std::lower_bound(bounds.begin(), bounds.end(), value) - bounds.begin());
}

TEST(DurationBuckets, FindsTheBucketThatTheCollectorFinds) {
  const std::vector<std::vector<uint64_t>> lists = {
      {2'000'000, 4'000'000, 6'000'000, 8'000'000, 10'000'000, 50'000'000, 1'000'000'000, 15'000'000'000},
      {},
      {0, 1, 2, 3, 4, 5, 7, 8},
      {333'333, 333'334, 1'000'000'007},
  };
  std::mt19937_64 engine(1);
  for (const std::vector<uint64_t>& bounds : lists) {
    const DurationBuckets buckets(bounds);
    EXPECT_EQ(buckets.count(), bounds.size() + 1);
    for (const uint64_t bound : bounds) {
      for (const uint64_t ns : {bound == 0 ? 0 : bound - 1, bound, bound + 1}) {
        EXPECT_EQ(buckets.Find(ns), AsTheCollector(bounds, ns)) << ns;
      }
    }
    for (int i = 0; i < 100'000; ++i) {
      const uint64_t ns = (engine() >> 12) >> (engine() % 52);
      ASSERT_EQ(buckets.Find(ns), AsTheCollector(bounds, ns)) << ns;
    }
    EXPECT_EQ(buckets.Find(UINT64_MAX), bounds.size());
  }
}

}  // namespace
}  // namespace tailrace

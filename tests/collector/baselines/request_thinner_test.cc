#include "collector/baselines/request_thinner.h"

#include "gtest/gtest.h"

namespace tailrace {
namespace {

constexpr int64_t kMs = 1'000'000;

struct Sums {
  uint64_t spans = 0;    // that came
  uint64_t counted = 0;  // that were looked at
  uint64_t weighted = 0;
};

// Requests of a hundred spans for ten seconds, so many spans a second.
Sums Drive(RequestThinner* thinner, uint64_t spans_per_second) {
  Sums sums;
  const auto step_ns = static_cast<int64_t>(uint64_t{100} * 1'000'000'000 / spans_per_second);
  for (int64_t now = 1000 * kMs; now < 11'000 * kMs; now += step_ns) {
    const uint32_t weight = thinner->Next(now);
    sums.spans += 100;
    if (weight != 0) sums.counted += 100;
    sums.weighted += uint64_t{100} * weight;
    thinner->Saw(100);
  }
  return sums;
}

TEST(RequestThinner, CountsEachRequestBelowTheLimit) {
  RequestThinner thinner(150'000, 1);
  const Sums sums = Drive(&thinner, 140'000);
  EXPECT_EQ(sums.counted, sums.spans);
  EXPECT_EQ(sums.weighted, sums.spans);
}

TEST(RequestThinner, CountsNoMoreThanTheLimitAboveItAndTheSumStays) {
  RequestThinner thinner(150'000, 1);
  const Sums sums = Drive(&thinner, 3'000'000);
  // The first slice may come whole before anything is known of the rate; then one in twenty or more.
  EXPECT_LT(sums.counted, uint64_t{150'000} * 10 * 12 / 10);
  EXPECT_GT(sums.counted, uint64_t{150'000} * 10 / 2);
  EXPECT_NEAR(static_cast<double>(sums.weighted), static_cast<double>(sums.spans),
              static_cast<double>(sums.spans) * 0.05);
}

TEST(RequestThinner, CountsEachRequestAgainOnceTheBurstIsOver) {
  RequestThinner thinner(150'000, 1);
  for (int i = 0; i < 1000; ++i) {
    thinner.Next(1000 * kMs);
    thinner.Saw(1000);
  }
  EXPECT_EQ(thinner.Next(1300 * kMs), 1u);
}

TEST(RequestThinner, ALimitOfZeroIsNone) {
  RequestThinner thinner(0, 1);
  const Sums sums = Drive(&thinner, 5'000'000);
  EXPECT_EQ(sums.counted, sums.spans);
}

}  // namespace
}  // namespace tailrace

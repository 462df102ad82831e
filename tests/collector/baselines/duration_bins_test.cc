// The bins against exact quantiles: 10^6 values of several distributions, within the error that is stated.
#include "collector/baselines/duration_bins.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace tailrace {
namespace {

TEST(DurationBins, EachBinFollowsTheOneBeforeWithoutAGap) {
  uint32_t last = 0;
  for (uint64_t ns = 0; ns < 1'000'000; ++ns) {
    const uint32_t bin = DurationBin(ns);
    ASSERT_TRUE(bin == last || bin == last + 1) << ns;
    last = bin;
  }
  EXPECT_EQ(DurationBin((uint64_t{1} << kDurationBits) - 1), kDurationBins - 1);
  EXPECT_EQ(DurationBin(UINT64_MAX), kDurationBins - 1);
}

TEST(DurationBins, TheMiddleOfABinIsNearWhateverFellIntoIt) {
  std::mt19937_64 engine(1);
  for (int i = 0; i < 1'000'000; ++i) {
    const uint64_t ns = (engine() >> 20) >> (engine() % kDurationBits);
    const double middle = DurationOfBin(DurationBin(ns));
    ASSERT_LE(std::abs(middle - static_cast<double>(ns)), static_cast<double>(ns) / 128) << ns;
    ASSERT_EQ(DurationBin(static_cast<uint64_t>(middle)), DurationBin(ns)) << ns;
  }
}

struct Distribution {
  std::string name;
  std::function<double(std::mt19937_64&)> draw;  // in ns
};

std::vector<Distribution> Distributions() {
  return {
      {"uniform to a second", [](std::mt19937_64& e) { return std::uniform_real_distribution<>(1e3, 1e9)(e); }},
      {"exponential around 20 ms", [](std::mt19937_64& e) { return std::exponential_distribution<>(1 / 2e7)(e); }},
      {"lognormal around 5 ms", [](std::mt19937_64& e) { return std::lognormal_distribution<>(15.4, 1.2)(e); }},
      {"Pareto with a heavy tail",
       [](std::mt19937_64& e) { return 1e6 / std::pow(std::uniform_real_distribution<>(1e-5, 1)(e), 1 / 1.1); }},
      {"two modes, a cache and a disk",
       [](std::mt19937_64& e) {
         const double mean = e() % 10 == 0 ? 3e8 : 4e5;
         return std::abs(std::normal_distribution<>(mean, mean / 10)(e));
       }},
      {"nearly all the same", [](std::mt19937_64& e) { return e() % 1000 == 0 ? 1e10 : 123'456'789.0; }},
  };
}

TEST(DurationBins, QuantilesOfAMillionValuesAreWithinTheStatedError) {
  for (const Distribution& distribution : Distributions()) {
    std::mt19937_64 engine(7);
    std::vector<uint64_t> values(1'000'000);
    std::vector<uint64_t> bins(kDurationBins);
    for (uint64_t& value : values) {
      value = static_cast<uint64_t>(distribution.draw(engine));
      ++bins[DurationBin(value)];
    }
    std::sort(values.begin(), values.end());
    for (const double share : {0.01, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999}) {
      const double exact = static_cast<double>(values[static_cast<size_t>(share * 999'999.0)]);
      uint64_t before = 0;
      uint32_t bin = 0;
      while ((before += bins[bin]) <= static_cast<uint64_t>(share * 999'999.0)) ++bin;
      EXPECT_NEAR(DurationOfBin(bin), exact, exact * kDurationBinError) << distribution.name << " at " << share;
    }
  }
}

}  // namespace
}  // namespace tailrace

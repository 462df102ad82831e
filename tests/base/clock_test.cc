#include "base/clock.h"

#include <gtest/gtest.h>

#include <chrono>

namespace tailrace {
namespace {

TEST(SystemClock, MonotonicNeverStepsBackAndMoves) {
  SystemClock clock;
  const int64_t start = clock.MonotonicNs();
  int64_t last = start;
  for (int i = 0; i < 100'000; ++i) {
    const int64_t now = clock.MonotonicNs();
    ASSERT_GE(now, last);
    last = now;
  }
  EXPECT_GT(last, start);
}

TEST(SystemClock, WallIsNanosecondsSinceTheUnixEpoch) {
  using std::chrono::nanoseconds;
  using std::chrono::system_clock;
  const auto library = [] {
    return std::chrono::duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
  };
  const int64_t before = library();
  const int64_t wall = SystemClock().WallNs();
  const int64_t after = library();
  EXPECT_LE(before, wall);
  EXPECT_LE(wall, after);
}

}  // namespace
}  // namespace tailrace

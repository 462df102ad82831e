#include "base/clock.h"

#include <ctime>

namespace tailrace {
namespace {

int64_t Read(clockid_t id) {
  timespec now{};
  clock_gettime(id, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

int64_t SystemClock::MonotonicNs() const { return Read(CLOCK_MONOTONIC); }
int64_t SystemClock::WallNs() const { return Read(CLOCK_REALTIME); }

}  // namespace tailrace

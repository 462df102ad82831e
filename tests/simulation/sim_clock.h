// SimClock: the simulation's time. It moves in steps of 1/512 second only, so that what a token bucket gains is exact
// in a double and the reference can count it in whole numbers.
//
// It starts so late that no timer of the operating system that is set by it can ever fire (see ShardStepper): timers
// fire when the simulation says so.
#pragma once

#include <cstdint>

#include "base/clock.h"

namespace tailrace::simulation {

class SimClock final : public Clock {
 public:
  static constexpr int64_t kTickNs = 1'953'125;
  static constexpr int64_t kStartNs = 2'048'000'000'000 * kTickNs;

  int64_t MonotonicNs() const override { return now_ns_; }
  int64_t WallNs() const override { return 1'700'000'000'000'000'000 + (now_ns_ - kStartNs); }
  void Advance(uint64_t ticks) { now_ns_ += static_cast<int64_t>(ticks) * kTickNs; }
  // To the first tick that is not before `at_ns`.
  void AdvanceTo(int64_t at_ns) {
    if (at_ns > now_ns_) now_ns_ += (at_ns - now_ns_ + kTickNs - 1) / kTickNs * kTickNs;
  }

 private:
  int64_t now_ns_ = kStartNs;
};

}  // namespace tailrace::simulation

// ManualClock: time that a test moves by hand. Any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "base/clock.h"

namespace tailrace::testing {

class ManualClock final : public Clock {
 public:
  int64_t MonotonicNs() const override { return now_ns_.load(); }
  int64_t WallNs() const override { return kWallStartNs + now_ns_.load(); }
  void Advance(std::chrono::nanoseconds by) { now_ns_.fetch_add(by.count()); }

 private:
  static constexpr int64_t kWallStartNs = 1'700'000'000'000'000'000;
  std::atomic<int64_t> now_ns_{1'000'000'000};
};

}  // namespace tailrace::testing

// Time comes in from outside: the daemon passes SystemClock, tests pass a clock they move by hand.
#pragma once

#include <cstdint>

namespace tailrace {

class Clock {
 public:
  virtual ~Clock() = default;
  // Nanoseconds of a clock that never steps back; its zero has no meaning. Any thread.
  virtual int64_t MonotonicNs() const = 0;
  // Nanoseconds since the Unix epoch; may step. Any thread.
  virtual int64_t WallNs() const = 0;
};

class SystemClock final : public Clock {
 public:
  int64_t MonotonicNs() const override;
  int64_t WallNs() const override;
};

}  // namespace tailrace

// WaitFor: until a condition holds, or the time is over; instead of a sleep of a guessed length.
//
//   ASSERT_TRUE(WaitFor([&] { return exporter.Stats().forwarded_spans == 3; }));
#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace tailrace::testing {

// False where `condition` did not hold within `limit`. Looks about every millisecond.
inline bool WaitFor(const std::function<bool()>& condition, std::chrono::nanoseconds limit = std::chrono::seconds(20)) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace tailrace::testing

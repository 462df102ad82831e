// RateMeter: how much came in per second, over the last ten. Guarded by its owner; the time comes in as an argument.
#pragma once

#include <array>
#include <cstdint>

namespace tailrace {

class RateMeter {
 public:
  void Add(uint64_t amount, int64_t now_ns) {
    Advance(now_ns / kSecondNs);
    seconds_[Slot(last_s_)] += amount;
  }
  // Of whole seconds that are over; 0 before the first.
  double PerSecond(int64_t now_ns) {
    Advance(now_ns / kSecondNs);
    const int64_t over = last_s_ - first_s_;
    if (over <= 0) return 0;
    uint64_t sum = 0;
    for (const uint64_t second : seconds_) sum += second;
    sum -= seconds_[Slot(last_s_)];
    const int64_t counted = over < kSeconds ? over : kSeconds;
    return static_cast<double>(sum) / static_cast<double>(counted);
  }

 private:
  static constexpr int64_t kSecondNs = 1'000'000'000;
  static constexpr int64_t kSeconds = 10;

  static size_t Slot(int64_t second) { return static_cast<size_t>(second % (kSeconds + 1)); }

  void Advance(int64_t second) {
    if (first_s_ < 0) first_s_ = last_s_ = second;
    for (int64_t skipped = 0; last_s_ < second && skipped <= kSeconds; ++skipped) seconds_[Slot(++last_s_)] = 0;
    if (last_s_ < second) last_s_ = second;
  }

  std::array<uint64_t, kSeconds + 1> seconds_{};  // the last one is still counted
  int64_t first_s_ = -1;
  int64_t last_s_ = -1;
};

}  // namespace tailrace

// KeptShare: what a limit has let pass of what it was asked for, measured over the last ten to twenty seconds. A limit
// has no share of its own: it depends on the load. Single-writer; time comes in.
#pragma once

#include <cstdint>

namespace tailrace {

class KeptShare {
 public:
  static constexpr int64_t kPeriodNs = int64_t{10} * 1'000'000'000;

  void Add(int64_t now_ns, uint64_t amount, bool kept) {
    Turn(now_ns);
    asked_ += static_cast<double>(amount);
    if (kept) kept_ += static_cast<double>(amount);
  }
  // 1 where nothing was asked for.
  double Get() const {
    const double asked = asked_before_ + asked_;
    return asked > 0 ? (kept_before_ + kept_) / asked : 1;
  }

 private:
  void Turn(int64_t now_ns) {
    const int64_t period = now_ns / kPeriodNs;
    if (period == period_) return;
    const bool next = period == period_ + 1;
    asked_before_ = next ? asked_ : 0;
    kept_before_ = next ? kept_ : 0;
    asked_ = kept_ = 0;
    period_ = period;
  }

  int64_t period_ = 0;
  double asked_ = 0, kept_ = 0;  // in the running period
  double asked_before_ = 0, kept_before_ = 0;
};

}  // namespace tailrace

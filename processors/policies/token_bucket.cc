#include "processors/policies/token_bucket.h"

#include <algorithm>
#include <limits>

namespace tailrace {
namespace {

int64_t BurstOf(int64_t per_second, int64_t burst) {
  if (burst > 0) return burst;
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  if (per_second <= 0) return 0;
  return per_second > kMost / 2 ? kMost : per_second * 2;
}

constexpr double kNsPerSecond = 1e9;

}  // namespace

TokenBucket::TokenBucket(int64_t per_second, int64_t burst)
    : per_second_(static_cast<double>(std::max<int64_t>(per_second, 0))),
      burst_(BurstOf(per_second, burst)),
      tokens_(static_cast<double>(burst_)) {}

bool TokenBucket::Take(int64_t now_ns, int64_t tokens) {
  if (tokens > burst_) return false;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!started_) last_ns_ = now_ns;
  started_ = true;
  const auto elapsed_ns = static_cast<double>(std::max<int64_t>(now_ns - last_ns_, 0));
  const double gained = std::min(tokens_ + elapsed_ns / kNsPerSecond * per_second_, static_cast<double>(burst_));
  const double left = gained - static_cast<double>(tokens);
  if (left < 0) {
    // Where nothing is gained, whatever is missing stays missing.
    if (per_second_ == 0 || -left / per_second_ * kNsPerSecond >= 1) return false;
  }
  last_ns_ = std::max(last_ns_, now_ns);
  tokens_ = left;
  return true;
}

}  // namespace tailrace

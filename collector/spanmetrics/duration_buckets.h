// DurationBuckets: which bucket of an explicit histogram a duration falls into: the first whose upper bound is not
// below it. Immutable; any thread.
//
// Bounds are compared as whole nanoseconds. The Collector compares milliseconds or seconds as doubles; both are made by
// one division from whole nanoseconds below 2^53, which keeps their order, so that the answers agree.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tailrace {

class DurationBuckets {
 public:
  // `bounds_ns` rise.
  explicit DurationBuckets(std::vector<uint64_t> bounds_ns) : bounds_ns_(std::move(bounds_ns)) {
    for (size_t width = 0; width < first_.size(); ++width) {
      const uint64_t least = width == 0 ? 0 : uint64_t{1} << (width - 1);
      uint32_t& first = first_[width];
      while (first < bounds_ns_.size() && bounds_ns_[first] < least) ++first;
      if (width > 0) steps_ = std::max(steps_, first - first_[width - 1]);
    }
    steps_ = std::max(steps_, static_cast<uint32_t>(bounds_ns_.size()) - first_.back());
    padded_ns_ = bounds_ns_;
    padded_ns_.resize(bounds_ns_.size() + steps_, UINT64_MAX);
  }

  size_t count() const { return bounds_ns_.size() + 1; }  // the last one is +Inf
  const std::vector<uint64_t>& bounds_ns() const { return bounds_ns_; }

  // How many bounds lie below: as many steps whatever the duration, so that nothing has to be guessed.
  size_t Find(uint64_t ns) const {
    const uint32_t first = first_[static_cast<size_t>(std::bit_width(ns))];
    size_t at = first;
    for (uint32_t step = 0; step < steps_; ++step) at += padded_ns_[first + step] < ns ? 1 : 0;
    return at;
  }

 private:
  const std::vector<uint64_t> bounds_ns_;
  std::array<uint32_t, 65> first_{};  // by the width in bits: where a number so wide may first fall
  uint32_t steps_ = 0;                // bounds of one width at most
  std::vector<uint64_t> padded_ns_;   // the bounds, and behind them as many that nothing passes
};

}  // namespace tailrace

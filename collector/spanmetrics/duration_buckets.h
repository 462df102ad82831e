// DurationBuckets: which bucket of an explicit histogram a duration falls into: the first whose upper bound is not
// below it. Immutable; any thread.
//
// Bounds are compared as whole nanoseconds. The Collector compares milliseconds or seconds as doubles; both are made by
// one division from whole nanoseconds below 2^53, which keeps their order, so that the answers agree.
#pragma once

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
    }
  }

  size_t count() const { return bounds_ns_.size() + 1; }  // the last one is +Inf
  const std::vector<uint64_t>& bounds_ns() const { return bounds_ns_; }

  size_t Find(uint64_t ns) const {
    size_t at = first_[static_cast<size_t>(std::bit_width(ns))];
    while (at < bounds_ns_.size() && bounds_ns_[at] < ns) ++at;
    return at;
  }

 private:
  const std::vector<uint64_t> bounds_ns_;
  std::array<uint32_t, 65> first_{};  // by the width in bits: where a number so wide may first fall
};

}  // namespace tailrace

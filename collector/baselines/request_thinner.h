// RequestThinner: which requests are counted. All of them while fewer spans arrive than the limit; above it one in k,
// by chance, which then stands for k: sums stay right on average, and the cost stays where it is.
//
// Single-writer. Time and the seed come in as arguments.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/xorshift.h"

namespace tailrace {

class RequestThinner {
 public:
  // 0: no limit.
  RequestThinner(uint32_t spans_per_second_max, uint64_t seed)
      : slice_spans_max_(spans_per_second_max / kSlicesPerSecond + (spans_per_second_max != 0 ? 1 : 0)),
        random_(seed) {}

  // For the next request: how many requests it stands for; 0: it is not counted.
  uint32_t Next(int64_t now_ns) {
    if (slice_spans_max_ == 0) return 1;
    if (now_ns - slice_began_ns_ >= kSliceNs) {
      // After a pause of more than a slice there is nothing to go by.
      one_in_ = now_ns - slice_began_ns_ < 2 * kSliceNs ? OneIn(slice_spans_) : 1;
      slice_began_ns_ = now_ns;
      slice_spans_ = 0;
    }
    // A burst is noticed within its slice.
    const uint32_t one_in = std::max(one_in_, OneIn(slice_spans_));
    if (one_in == 1) return 1;
    return static_cast<uint32_t>(random_.Next() >> 32) % one_in == 0 ? one_in : 0;
  }

  // A request that was taken had so many spans.
  void Saw(uint32_t spans) { slice_spans_ += spans; }

 private:
  static constexpr int64_t kSlicesPerSecond = 10;
  static constexpr int64_t kSliceNs = 1'000'000'000 / kSlicesPerSecond;

  uint32_t OneIn(uint64_t spans) const {
    return static_cast<uint32_t>(std::max<uint64_t>(1, (spans + slice_spans_max_ - 1) / slice_spans_max_));
  }

  const uint64_t slice_spans_max_;
  int64_t slice_began_ns_ = 0;
  uint64_t slice_spans_ = 0;
  uint32_t one_in_ = 1;
  Xorshift random_;
};

}  // namespace tailrace

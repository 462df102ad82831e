// What the scanner learns of spans while it walks over them: bits that were seen, and earliest start and latest end.
// Values; the folding rules are the Collector's (latency and status_code policies).
#pragma once

#include <cstdint>

namespace tailrace {

// Bits of SpanRun::seen and TraceFacts::seen.
enum SeenBit : uint8_t {
  kSeenStatusUnset = 1 << 0,  // some span with status code 0, or none
  kSeenStatusOk = 1 << 1,
  kSeenStatusError = 1 << 2,
  kSeenRoot = 1 << 3,         // some span with an empty parent id
  kSeenSampledFlag = 1 << 4,  // some span with bit 0 of its W3C flags
  kSeenTraceState = 1 << 5,   // some span with a trace_state that is not empty
  kSeenEvents = 1 << 6,       // some span with an event
};

// Earliest start and latest end in the order of arrival, as the Collector's latency policy folds them: a 0 means 'not
// known yet' and is replaced by whatever comes next.
struct TimeSpan {
  uint64_t min_start_ns = 0;
  uint64_t max_end_ns = 0;
  // The longest that max_end - min_start has been after any span so far. Where no time is 0 that is the trace's
  // duration; where one is, the Collector, which stops at the first prefix that is slow enough, sees this one.
  int64_t longest_prefix_ns = INT64_MIN;

  // Adds one span.
  void Add(uint64_t start_ns, uint64_t end_ns) {
    if (min_start_ns == 0 || start_ns < min_start_ns) min_start_ns = start_ns;
    if (max_end_ns == 0 || end_ns > max_end_ns) max_end_ns = end_ns;
    const int64_t now = duration_ns();
    if (now > longest_prefix_ns) longest_prefix_ns = now;
  }

  // As Go subtracts two time.Time made of Unix nanoseconds: both are taken as signed, the result saturates.
  int64_t duration_ns() const {
    int64_t result;
    if (__builtin_sub_overflow(static_cast<int64_t>(max_end_ns), static_cast<int64_t>(min_start_ns), &result)) {
      return static_cast<int64_t>(max_end_ns) < 0 ? INT64_MIN : INT64_MAX;
    }
    return result;
  }

  // True where no order of arrival matters: neither time is 0 or has its top bit set.
  static bool Ordinary(uint64_t start_ns, uint64_t end_ns) {
    return start_ns - 1 < (uint64_t{1} << 63) - 1 && end_ns - 1 < (uint64_t{1} << 63) - 1;
  }
};

}  // namespace tailrace

// What one load thread counts. Single-writer: its thread adds; any thread may read (progress line, report).
// Relaxed atomics are enough: every number stands for itself, nothing else is published through it.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>

#include "collector/load/trace_label.h"

namespace tailrace {

class Count {
 public:
  // The writer is alone, so no read-modify-write instruction is needed.
  void Add(uint64_t n = 1) { value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed); }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

// Microseconds in buckets of at most 1/16 of their value.
inline constexpr size_t kLatencyBuckets = 16 * 48;
using LatencyCounts = std::array<uint64_t, kLatencyBuckets>;

inline size_t LatencyBucketOf(uint64_t us) {
  if (us < 16) return us;
  const uint32_t shift = static_cast<uint32_t>(std::bit_width(us)) - 5;
  const size_t bucket = 16 * (shift + 1) + ((us >> shift) & 15);
  return bucket < kLatencyBuckets ? bucket : kLatencyBuckets - 1;
}
// The upper end of a bucket.
inline uint64_t LatencyBucketEnd(size_t bucket) {
  if (bucket < 16) return bucket;
  const uint32_t shift = static_cast<uint32_t>(bucket / 16) - 1;
  return ((16 + bucket % 16 + 1) << shift) - 1;
}

struct LoadCounters {
  Count requests, request_bytes;
  Count sent_spans;          // each sending counts
  Count acknowledged_spans;  // taken by the server; of them:
  Count rejected_spans;      // refused one by one in partial_success
  Count refused_spans;       // UNAVAILABLE, 429 or 503; where they are retried, each time
  Count failed_spans;        // any other answer
  Count lost_spans;          // no answer: connection lost or time-out
  Count acknowledged_requests, refused_requests, failed_requests, lost_requests, retries, connection_errors;
  std::array<Count, kTraceClasses> whole_traces;    // every request that holds a piece of it was acknowledged
  std::array<Count, kTraceClasses> partial_traces;  // some was not
  std::array<Count, kLatencyBuckets> latency;       // of acknowledgements
};

}  // namespace tailrace

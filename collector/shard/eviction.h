// Which trace is decided early when the table or the memory is full: of the undecided ones the one that is the least
// loss. A trace's rank, lowest first:
//
//   0  its service holds more than an even share, and nothing speaks for it yet
//   1  its service holds more than an even share; it holds an error, or is slow already
//   2  its service holds no more than its share, and nothing speaks for it yet
//   3  its service holds no more than its share; it holds an error, or is slow already
//
// Within a rank the oldest goes; where memory is short, the largest times oldest of the next few.
//
// Each rank has a mark in the queue of arrivals: what is before it has been looked at and was worth more. So a trace is
// looked at once for each rank, and a choice costs a bounded number of looks. What has been passed by is not looked at
// again for that rank, though its service's share may have changed since.
//
// Single-writer.
#pragma once

#include <cstdint>

#include "collector/shard/service_shares.h"
#include "collector/shard/trace_table.h"

namespace tailrace {

class Eviction {
 public:
  static constexpr uint32_t kRanks = DeadlineQueue::kMarks;
  // Traces looked at for one rank in one choice, and those compared by size.
  static constexpr uint32_t kLooksMax = 1024;
  static constexpr uint32_t kCompared = 8;

  enum class Short : uint8_t { kTraces, kMemory };

  // A trace that lasts at least `slow_ns` is slow.
  explicit Eviction(int64_t slow_ns) : slow_ns_(slow_ns) {}

  // A live record; kNone where the table is empty.
  uint32_t Choose(TraceTable* table, const ServiceShares& shares, Short what, int64_t now_ns) const;

 private:
  uint32_t RankOf(const TraceRecord& trace, const ServiceShares& shares, Short what) const;
  uint32_t Largest(TraceTable* table, const ServiceShares& shares, uint32_t rank, int64_t now_ns) const;

  const int64_t slow_ns_;
};

}  // namespace tailrace

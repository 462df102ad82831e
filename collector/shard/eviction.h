// Which trace is decided early when the table or the memory is full: of the undecided ones the one that is the least
// loss. First those of services that hold more than an even share of the traces of that worth, then of those that hold
// more than an even share of all, then those of the others; of each the single ones first, the precious ones last (see
// Worth). That makes nine ranks. Within a rank the oldest goes; where memory is short, the largest times oldest of the
// next few.
//
// Each rank has a mark in the queue of arrivals: what is before it has been looked at and was worth more. So a trace is
// looked at once for each rank, and a choice costs a bounded number of looks. What has been passed by is not looked at
// again for that rank, though shares may have changed since.
//
// Pure but for the marks; the shard's thread.
#pragma once

#include <cstdint>

#include "collector/shard/service_shares.h"
#include "collector/shard/trace_table.h"

namespace tailrace {

class Eviction {
 public:
  static constexpr uint32_t kRanks = 3 * kWorths;
  // Traces looked at for one rank in one choice, and those compared by size.
  static constexpr uint32_t kLooksMax = 1024;
  static constexpr uint32_t kCompared = 8;

  using Short = ServiceShares::Held;

  // A live record; kNone where the table is empty. `soon`: one that will be chosen before long, or kNone.
  static uint32_t Choose(TraceTable* table, const ServiceShares& shares, Short what, int64_t now_ns, uint32_t* soon);

 private:
  static uint32_t RankOf(const TraceRecord& trace, const ServiceShares& shares, Short what);
  static uint32_t Largest(TraceTable* table, const ServiceShares& shares, uint32_t rank, int64_t now_ns);
};

static_assert(Eviction::kRanks == DeadlineQueue::kMarks);

}  // namespace tailrace

#include "collector/shard/eviction.h"

#include <array>
#include <span>

namespace tailrace {

uint32_t Eviction::RankOf(const TraceRecord& trace, const ServiceShares& shares, Short what) {
  const uint32_t group = shares.OverOf(trace.service, trace.worth, what) ? 0
                         : shares.OverOfAll(trace.service, what)         ? 1
                                                                         : 2;
  return group * kWorths + static_cast<uint32_t>(trace.worth);
}

uint32_t Eviction::Choose(TraceTable* table, const ServiceShares& shares, Short what, int64_t now_ns, uint32_t* soon) {
  *soon = TraceTable::kNone;
  for (uint32_t rank = 0; rank < kRanks; ++rank) {
    for (uint32_t looks = 0; looks < kLooksMax; ++looks) {
      const uint32_t record = table->AtMark(rank);
      if (record == TraceTable::kNone) break;
      if (RankOf((*table)[record], shares, what) <= rank) {
        *soon = table->PrefetchFromMark(rank);
        return what == Short::kTraces ? record : Largest(table, shares, rank, now_ns);
      }
      table->PassMark(rank);
    }
  }
  return table->Oldest();
}

// The one at the mark has no higher rank than `rank`.
uint32_t Eviction::Largest(TraceTable* table, const ServiceShares& shares, uint32_t rank, int64_t now_ns) {
  std::array<uint32_t, kCompared> records;
  const uint32_t count = table->LiveFromMark(rank, records);
  uint32_t chosen = records[0];
  uint64_t most = 0;
  for (const uint32_t record : std::span(records).first(count)) {
    const TraceRecord& trace = (*table)[record];
    if (RankOf(trace, shares, Short::kBlocks) > rank) continue;
    // In about microseconds, so that the product has room.
    const uint64_t age = (static_cast<uint64_t>(now_ns - trace.arrival_ns) >> 10) + 1;
    const uint64_t weight = trace.spans.block_count() * age;
    if (weight <= most) continue;
    most = weight;
    chosen = record;
  }
  return chosen;
}

}  // namespace tailrace

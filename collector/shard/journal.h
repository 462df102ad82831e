// Journal: the recent decisions of one sampler, so that somebody who asks can be told: which traces were kept and which
// dropped, how every policy voted, and, while they last, the spans themselves.
//
// Beside the straight line: written once a decision, read only by queries and by late spans. Every decision leaves a
// record; spans are copied only as fast as a rate allows, so that a busy shard does not pay for what nobody could look
// at in time.
//
// Single-writer, queries included: they run on the shard's thread. All memory is reserved at start; nothing allocates.
// Invariant: the records of a side are in the order of their decided_ns.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "collector/shard/journal_ring.h"

namespace tailrace {

class Journal {
 public:
  // A trace with more bytes keeps its record only.
  static constexpr uint64_t kStoredTraceMax = 256 << 10;
  // Of spans copied in a second at most, on each shard: a few thousandths of what a core copies.
  static constexpr int64_t kKeptBytesPerSecond = 8 << 20;
  static constexpr int64_t kDroppedBytesPerSecond = 2 << 20;

  // Everything together takes `bytes` at most: a quarter for records and the indices over them, half for the spans of
  // kept traces, which people open most, a quarter for those of dropped ones.
  explicit Journal(uint64_t bytes);

  // The random accesses of an Add() that follows.
  void Prefetch(uint64_t hash) const {
    for (const JournalRing& side : sides_) side.Prefetch(hash);
  }
  // Whether the spans of a trace should be copied now, to be given to Store().
  bool WantsSpans(JournalSide side, uint64_t bytes, int64_t now_ns) {
    return bytes <= kStoredTraceMax && Side(side).TakeSpans(bytes, now_ns);
  }
  // The spans of the trace that `record` is about to stand for, as an ExportTraceServiceRequest.
  void Store(std::string_view request, JournalRecord* record) { Side(record->side()).Store(request, record); }
  // `hash`: of the record's id.
  void Add(uint64_t hash, const JournalRecord& record) { Side(record.side()).Add(hash, record); }
  // Spans that followed a decision: its record, or null where the journal has forgotten it.
  const JournalRecord* AddLate(JournalSide side, const TraceId& id, uint64_t hash, uint32_t spans);

  // The newest record of that trace; null where there is none any more.
  const JournalRecord* Find(const TraceId& id, uint64_t hash);
  const JournalRing& ring(JournalSide side) const { return sides_[static_cast<size_t>(side)]; }
  // The trace's spans; null data where they were not stored or are gone. Valid until the next Store().
  std::string_view SpansOf(const JournalRecord& record) const { return ring(record.side()).SpansOf(record); }

 private:
  JournalRing& Side(JournalSide side) { return sides_[static_cast<size_t>(side)]; }

  std::array<JournalRing, kJournalSides> sides_;
};

}  // namespace tailrace

#include "collector/shard/journal.h"

namespace tailrace {
namespace {

uint64_t RecordsOfSide(uint64_t bytes) { return bytes / 4 / kJournalSides / JournalRing::kBytesPerRecord; }

}  // namespace

Journal::Journal(uint64_t bytes)
    : sides_{JournalRing(RecordsOfSide(bytes), bytes / 2, kKeptBytesPerSecond),
             JournalRing(RecordsOfSide(bytes), bytes / 4, kDroppedBytesPerSecond)} {}

const JournalRecord* Journal::AddLate(JournalSide side, const TraceId& id, uint64_t hash, uint32_t spans) {
  JournalRecord* const record = Side(side).Find(id, hash);
  if (record != nullptr) record->late_spans = Saturated<uint32_t>(uint64_t{record->late_spans} + spans);
  return record;
}

const JournalRecord* Journal::Find(const TraceId& id, uint64_t hash) {
  const JournalRecord* const kept = Side(JournalSide::kKept).Find(id, hash);
  const JournalRecord* const dropped = Side(JournalSide::kDropped).Find(id, hash);
  if (kept == nullptr || dropped == nullptr) return kept != nullptr ? kept : dropped;
  return kept->decided_ns > dropped->decided_ns ? kept : dropped;
}

}  // namespace tailrace

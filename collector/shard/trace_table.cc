#include "collector/shard/trace_table.h"

namespace tailrace {

TraceTable::TraceTable(uint32_t traces_max)
    : traces_max_(traces_max), records_(traces_max), index_(traces_max), arrivals_(traces_max), roots_(traces_max) {}

uint32_t TraceTable::Insert(const TraceId& id, uint64_t hash, uint16_t service, int64_t now_ns, int64_t deadline_ns) {
  uint32_t at = free_;
  if (at != kNone) {
    free_ = static_cast<uint32_t>(records_[at].deadline_ns);
  } else {
    at = fresh_++;
  }
  TraceRecord& record = records_[at];
  record.id = id;
  record.facts = TraceFacts();
  record.spans = SpanChain();
  record.deadline_ns = deadline_ns;
  record.arrival_ns = now_ns;
  record.hash = hash;
  record.service = service;
  record.worth = Worth::kSingle;
  index_.Insert(hash, at);
  arrivals_.Push({deadline_ns, at, record.generation}, [this](const auto& entry) { return Dead(entry); });
  ++size_;
  return at;
}

void TraceTable::BringForward(uint32_t at, int64_t deadline_ns) {
  TraceRecord& record = records_[at];
  if (deadline_ns >= record.deadline_ns) return;
  record.deadline_ns = deadline_ns;
  roots_.Push({deadline_ns, at, record.generation}, [this](const auto& entry) { return Dead(entry); });
}

void TraceTable::Remove(uint32_t at) {
  TraceRecord& record = records_[at];
  index_.Erase(record.hash, at);
  record.id = TraceId();  // no trace's: pointers from before are found out
  ++record.generation;
  record.deadline_ns = free_;
  free_ = at;
  --size_;
}

uint32_t TraceTable::Oldest() {
  while (!arrivals_.empty() && Dead(arrivals_.front())) arrivals_.Pop();
  return arrivals_.empty() ? kNone : arrivals_.front().record;
}

uint32_t TraceTable::Earliest() {
  const uint32_t oldest = Oldest();
  while (!roots_.empty() && Dead(roots_.front())) roots_.Pop();
  if (roots_.empty()) return oldest;
  const uint32_t root = roots_.front().record;
  return records_[root].deadline_ns <= records_[oldest].deadline_ns ? root : oldest;
}

uint32_t TraceTable::AtMark(size_t mark) {
  const DeadlineQueue::Entry* entry = arrivals_.PeekMark(mark);
  for (; entry != nullptr && Dead(*entry); entry = arrivals_.PeekMark(mark)) arrivals_.AdvanceMark(mark);
  return entry == nullptr ? kNone : entry->record;
}

uint32_t TraceTable::LiveFromMark(size_t mark, std::span<uint32_t> records) {
  constexpr uint64_t kAheadMax = 2048;  // of dead ones there may be any number between
  uint32_t count = 0;
  for (uint64_t ahead = 0; count < records.size() && ahead < kAheadMax; ++ahead) {
    const DeadlineQueue::Entry* entry = arrivals_.PeekMark(mark, ahead);
    if (entry == nullptr) break;
    if (!Dead(*entry)) records[count++] = entry->record;
  }
  return count;
}

uint32_t TraceTable::Prefetch(const DeadlineQueue::Entry* far, const DeadlineQueue::Entry* near) {
  if (far != nullptr) PrefetchRecord(far->record);
  if (near == nullptr) return kNone;
  index_.Prefetch(records_[near->record].hash);
  return near->record;
}

}  // namespace tailrace

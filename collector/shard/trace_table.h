// TraceTable: the undecided traces of one shard and pipeline: by id, and by deadline.
//
// Single-writer. All memory is reserved at start for `traces_max` traces and used as they come. Pointers to records are
// valid until the record is removed.
//
// Invariants:
//  1. A record is in the index exactly while it is live; its generation changes when it is removed.
//  2. Every live record has an entry in the arrival queue, and one in the root queue if its deadline was brought
//  forward.
//     Entries of records that are gone (generation differs) are skipped. All traces wait equally long, so both queues
//     are in the order of their deadlines by construction.
#pragma once

#include <cstdint>
#include <span>

#include "base/mapped_array.h"
#include "base/trace_id.h"
#include "collector/shard/deadline_queue.h"
#include "collector/shard/service_shares.h"
#include "collector/shard/span_chain.h"
#include "collector/shard/trace_index.h"
#include "processors/facts.h"

namespace tailrace {

struct alignas(64) TraceRecord {
  // What an arriving run touches: the first cache line and a half. A removed record's deadline_ns is the number of the
  // next removed one.
  TraceId id;
  TraceFacts facts;
  SpanChain spans;
  int64_t deadline_ns;
  int64_t arrival_ns;
  uint64_t hash;
  uint32_t generation;
  uint16_t service;  // its place in ServiceShares
  Worth worth;
};

class TraceTable {
 public:
  static constexpr uint32_t kNone = TraceIndex::kNone;

  explicit TraceTable(uint32_t traces_max);

  void PrefetchSlot(uint64_t hash) const { index_.Prefetch(hash); }
  // A record that may be the id's: reads no record. kNone: the id is not waiting.
  uint32_t Candidate(uint64_t hash) const {
    return index_.Find(hash, [](uint32_t) { return true; });
  }
  // kNone where the id is not waiting.
  uint32_t Find(const TraceId& id, uint64_t hash) const {
    return index_.Find(hash, [&](uint32_t record) { return records_[record].id == id; });
  }
  TraceRecord& operator[](uint32_t record) { return records_[record]; }
  void PrefetchRecord(uint32_t record) {
    __builtin_prefetch(&records_[record], 1);
    __builtin_prefetch(reinterpret_cast<const char*>(&records_[record]) + 64, 1);
  }

  const TraceIndex& index() const { return index_; }
  bool full() const { return size_ == traces_max_; }
  uint32_t size() const { return size_; }
  uint32_t traces_max() const { return traces_max_; }

  // Not full(), and the id is not there.
  uint32_t Insert(const TraceId& id, uint64_t hash, uint16_t service, int64_t now_ns, int64_t deadline_ns);
  // Brings the deadline forward to `deadline_ns`, which must be no earlier than that of any earlier call.
  void BringForward(uint32_t record, int64_t deadline_ns);
  // The record's chain must have been freed.
  void Remove(uint32_t record);

  // The live record with the earliest deadline; kNone where the table is empty. The queues' entries of dead records go.
  uint32_t Earliest();
  // The live record that arrived first.
  uint32_t Oldest();
  // Marks in the order of arrival, for Eviction: the live record behind the mark (kNone at the end), the mark's step
  // over it, and the live records from the mark on, as many as there is room for; their number.
  uint32_t AtMark(size_t mark);
  void PassMark(size_t mark) { arrivals_.AdvanceMark(mark); }
  uint32_t LiveFromMark(size_t mark, std::span<uint32_t> records);
  // Prefetches a record that comes due some decisions after the earliest; returns one that was prefetched before, and is
  // to come next of all that have been returned. kNone: there is none.
  uint32_t PrefetchDue() { return Prefetch(arrivals_.Peek(24), arrivals_.Peek(12)); }
  // The same of those behind a mark, where the next but one may be chosen first, and chains are walked beforehand.
  uint32_t PrefetchFromMark(size_t mark) { return Prefetch(arrivals_.PeekMark(mark, 48), arrivals_.PeekMark(mark, 32)); }

 private:
  // What is found by a record's id is prefetched when the record should have come.
  uint32_t Prefetch(const DeadlineQueue::Entry* far, const DeadlineQueue::Entry* near);
  bool Dead(const DeadlineQueue::Entry& entry) const { return records_[entry.record].generation != entry.generation; }

  uint32_t traces_max_;
  uint32_t size_ = 0;
  uint32_t fresh_ = 0;
  uint32_t free_ = kNone;  // the record that was removed last
  MappedArray<TraceRecord> records_;
  TraceIndex index_;
  DeadlineQueue arrivals_;
  DeadlineQueue roots_;
};

}  // namespace tailrace

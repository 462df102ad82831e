// JournalRing: one side of a Journal, kept or dropped: a ring of records with an index over their ids, and a ring of
// bytes for the spans of as many of them as a rate allows. Single-writer.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/mapped_array.h"
#include "collector/shard/byte_ring.h"
#include "collector/shard/journal_index.h"
#include "collector/shard/journal_record.h"

namespace tailrace {

class JournalRing {
 public:
  static constexpr uint64_t kBytesPerRecord =
      sizeof(JournalRecord) + JournalIndex::kSetBytes / JournalIndex::kRecordsPerSet;

  // `bytes_per_second`: of spans that are copied, at most; half a second's may be saved up.
  JournalRing(uint64_t records, uint64_t span_bytes, int64_t bytes_per_second);

  void Prefetch(uint64_t hash) const {
    if (records_.size() != 0) index_.Prefetch(hash);
  }
  // Whether there is a place for a trace of so many bytes now; counted as taken.
  bool TakeSpans(uint64_t bytes, int64_t now_ns);
  void Store(std::string_view request, JournalRecord* record);
  void Add(uint64_t hash, const JournalRecord& record);
  // The newest record of that trace; null where there is none any more.
  JournalRecord* Find(const TraceId& id, uint64_t hash);

  // Records are numbered from 0 on; [oldest(), end()) are there.
  uint64_t end() const { return end_; }
  uint64_t oldest() const { return end_ - std::min<uint64_t>(end_, records_.size()); }
  const JournalRecord& At(uint64_t number) const { return records_[number % records_.size()]; }
  std::string_view SpansOf(const JournalRecord& record) const {
    return record.stored_bytes == 0 ? std::string_view() : spans_.Get(record.stored_at, record.stored_bytes);
  }

 private:
  MappedArray<JournalRecord> records_;
  JournalIndex index_;
  ByteRing spans_;
  uint64_t end_ = 0;
  uint32_t next_at_ = 0;  // end_ modulo the number of records

  const int64_t bytes_per_second_;
  int64_t bytes_left_ = 0;
  int64_t refilled_ns_ = INT64_MIN;
};

}  // namespace tailrace

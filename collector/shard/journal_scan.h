// Looking through a journal, newest or oldest first, in turns: each is short, so that a query holds no shard up, and
// leaves the cursor where the next one goes on.
//
// A turn runs on the shard's thread and copies what it finds; all else of a query happens elsewhere. Between turns the
// ring moves on: records that were overwritten meanwhile are not found.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/shard/journal_ring.h"

namespace tailrace {

// A decision's place among all of the process, in the order of time.
struct JournalKey {
  int64_t decided_ns = 0;
  uint32_t source = 0;  // which ring: any numbering of them
  uint64_t number = 0;  // in its ring
  friend auto operator<=>(const JournalKey&, const JournalKey&) = default;
};

// What can be asked of a record without its spans.
struct JournalFilter {
  std::string id_prefix;      // lower-case hex digits
  std::optional<bool> error;  // some span has the status ERROR, or none has
  int64_t duration_min_ns = INT64_MIN;
  int64_t duration_max_ns = INT64_MAX;
  std::optional<uint32_t> policy;  // an index into Engine::policies(): it voted for what became of the trace

  bool Matches(const JournalRecord& record) const;
};

struct FoundTrace {
  JournalKey key;
  JournalRecord record;
  std::string spans;  // an ExportTraceServiceRequest; empty where they are gone
};

// What is left for a turn.
struct ScanBudget {
  uint32_t records = 4096;    // looked at
  int64_t bytes = 256 << 10;  // of spans, copied; the last one may pass it
  uint32_t found = UINT32_MAX;
};

// Where a scan of one ring stands. The part that tells what to look for is set once.
struct JournalCursor {
  uint32_t source = 0;
  bool newest_first = true;
  // Exclusive: records between the two are looked at.
  JournalKey above;
  JournalKey below;

  std::optional<uint64_t> next;  // the number of the record to look at next, oldest first; newest first: one more
  JournalKey reached;            // of the last record that was looked at; valid after the first
  bool looked = false;
  bool ended = false;
};

// One turn. Records looked at are taken from `budget`.
void ScanJournal(const JournalRing& ring, const JournalFilter& filter, JournalCursor* cursor, ScanBudget* budget,
                 std::vector<FoundTrace>* found);

}  // namespace tailrace

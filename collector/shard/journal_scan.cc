#include "collector/shard/journal_scan.h"

#include <algorithm>

namespace tailrace {
namespace {

JournalKey KeyOf(const JournalRing& ring, uint32_t source, uint64_t number) {
  return {ring.At(number).decided_ns, source, number};
}

// The first number whose record is not below `key`.
uint64_t LowerBound(const JournalRing& ring, uint32_t source, const JournalKey& key) {
  uint64_t low = ring.oldest(), high = ring.end();
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    if (KeyOf(ring, source, middle) < key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

// The number of the next record, and the cursor behind it; nothing at the end.
std::optional<uint64_t> Step(const JournalRing& ring, JournalCursor* cursor) {
  const JournalKey& from = cursor->newest_first ? cursor->below : cursor->above;
  if (!cursor->next.has_value()) cursor->next = LowerBound(ring, cursor->source, from);
  uint64_t& next = *cursor->next;
  if (cursor->newest_first) {
    if (next <= ring.oldest()) return std::nullopt;
    --next;
    if (KeyOf(ring, cursor->source, next) <= cursor->above) return std::nullopt;
    return next;
  }
  next = std::max(next, ring.oldest());
  if (next < ring.end() && KeyOf(ring, cursor->source, next) <= from) ++next;
  if (next >= ring.end() || KeyOf(ring, cursor->source, next) >= cursor->below) return std::nullopt;
  return next++;
}

}  // namespace

bool JournalFilter::Matches(const JournalRecord& record) const {
  if (error.has_value() && *error != ((record.seen & kSeenStatusError) != 0)) return false;
  const int64_t duration_ns = record.duration_ns();
  if (duration_ns < duration_min_ns || duration_ns > duration_max_ns) return false;
  if (policy.has_value()) {
    const uint32_t voted = record.side() == JournalSide::kKept ? record.votes.sampled() : record.votes.dropped();
    const bool by_vote = *policy < Votes::kPolicies && (voted >> *policy & 1) != 0;
    if (!by_vote && record.policy != *policy) return false;
  }
  return id_prefix.empty() || record.id.ToHex().starts_with(id_prefix);
}

void ScanJournal(const JournalRing& ring, const JournalFilter& filter, JournalCursor* cursor, ScanBudget* budget,
                 std::vector<FoundTrace>* found) {
  while (budget->records > 0 && budget->bytes > 0 && budget->found > 0) {
    const std::optional<uint64_t> number = Step(ring, cursor);
    if (!number.has_value()) {
      cursor->ended = true;
      return;
    }
    --budget->records;
    cursor->reached = KeyOf(ring, cursor->source, *number);
    cursor->looked = true;
    const JournalRecord& record = ring.At(*number);
    if (!filter.Matches(record)) continue;
    found->push_back({cursor->reached, record, std::string(ring.SpansOf(record))});
    budget->bytes -= static_cast<int64_t>(found->back().spans.size());
    --budget->found;
  }
}

}  // namespace tailrace

// JournalRecord: what stays known of one decided trace, of fixed size. A value.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "base/trace_id.h"
#include "collector/telemetry/snapshot.h"
#include "processors/engine.h"
#include "processors/facts.h"
#include "processors/votes.h"

namespace tailrace {

// Which of a journal's two rings.
enum class JournalSide : uint8_t { kKept, kDropped };
inline constexpr size_t kJournalSides = 2;

// What made the decision, when it was not the end of the wait: an EarlyReason, or one of those that follow them.
using JournalCause = uint8_t;
inline constexpr JournalCause kCauseTooLarge = kEarlyReasons;  // maximum_trace_size_bytes: dropped, no policy asked
inline constexpr JournalCause kCauseNone = UINT8_MAX;

struct JournalRecord {
  static constexpr uint16_t kNoPolicy = UINT16_MAX;
  static constexpr uint8_t kNoChild = UINT8_MAX;

  TraceId id;
  int64_t decided_ns = 0;  // steady clock
  TimeSpan time;
  uint64_t stored_at = 0;     // of its spans' bytes, see ByteRing
  uint32_t stored_bytes = 0;  // 0: none were stored
  uint32_t span_count = 0;
  uint32_t late_spans = 0;             // that followed the decision since
  uint32_t bytes = 0;                  // as in TraceFacts, with frame_bytes; the greatest number where there are more
  uint16_t policy = kNoPolicy;         // that decided: an index into Engine::policies()
  uint16_t composite = kNoPolicy;      // the last composite that sampled,
  uint8_t composite_child = kNoChild;  // and which of its policies it was
  Verdict verdict = Verdict::kNotSampled;
  JournalCause cause = kCauseNone;
  uint8_t seen = 0;  // SeenBit
  Votes votes;

  JournalSide side() const { return verdict == Verdict::kSampled ? JournalSide::kKept : JournalSide::kDropped; }
  int64_t duration_ns() const { return time.duration_ns(); }
};
static_assert(sizeof(JournalRecord) == 96, "two lines at most");

// `value`, or the greatest (or, as `none`, no) number that a field holds.
template <class Field>
Field Saturated(uint64_t value) {
  return static_cast<Field>(std::min<uint64_t>(value, std::numeric_limits<Field>::max()));
}

}  // namespace tailrace

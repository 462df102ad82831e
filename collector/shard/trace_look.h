// TraceLook: all that one sampler knows of one trace at one moment, for `why`. A value, made on the shard's thread and
// read elsewhere.
#pragma once

#include <cstdint>
#include <string>

#include "collector/shard/journal_record.h"

namespace tailrace {

enum class TraceState : uint8_t {
  kNeverSeen,
  kUndecided,
  kKept,
  kDropped,
  kForgotten,  // decided, but the journal has no record of it any more
};

struct TraceLook {
  TraceState state = TraceState::kNeverSeen;
  JournalRecord record;          // kUndecided: what is known so far; kKept, kDropped: as decided
  int64_t deadline_ns = 0;       // kUndecided: steady clock
  bool kept = false;             // kForgotten: what late spans follow
  uint32_t policy = UINT32_MAX;  // kForgotten: that decided, as in Engine::policies(); greater: not known
  std::string spans;             // an ExportTraceServiceRequest; empty where they are gone
  bool spans_cut = false;        // `spans` are the first of more
};

}  // namespace tailrace

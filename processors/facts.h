// TraceFacts: what is known of a trace without looking at its bytes again; folded at ingest, read by the policies.
// A value; single-writer (the shard that owns the trace).
#pragma once

#include <cstdint>

#include "proto/span_facts.h"

namespace tailrace {

struct TraceFacts {
  TimeSpan time;
  uint32_t span_count = 0;
  uint8_t seen = 0;    // SeenBit
  uint64_t bytes = 0;  // of the spans as received, tags and lengths included
};

}  // namespace tailrace

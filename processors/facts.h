// TraceFacts: what is known of a trace without looking at its bytes again; folded at ingest, read by the policies.
// A value; single-writer (the shard that owns the trace).
#pragma once

#include <cstdint>

#include "proto/span_facts.h"

namespace tailrace {

struct TraceFacts {
  TimeSpan time;
  uint32_t span_count = 0;
  uint8_t seen = 0;  // SeenBit
  // Of the spans as received, tags and lengths included; where a policy or a bound asks for sizes (ReadsSizes), what
  // the Collector would count, see BatchSize.
  uint64_t bytes = 0;
  uint32_t frame_bytes = 0;  // tags and lengths of the ResourceSpans that the pieces would be; 0 where nobody asks
};

}  // namespace tailrace

// KnownTrace: what is still known of a trace when somebody asks why it was decided so. A value; its parts outlive it.
#pragma once

#include "base/trace_id.h"
#include "processors/facts.h"
#include "processors/spans/stored_span.h"

namespace tailrace {

struct KnownTrace {
  const TraceId& id;
  const TraceFacts& facts;
  TraceSpans* spans = nullptr;  // all that were there at the decision; null: they are gone
};

}  // namespace tailrace

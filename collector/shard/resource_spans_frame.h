// The frame of a ResourceSpans with one ScopeSpans in an ExportTraceServiceRequest, written around bytes that stay as
// they came, and the spans of a whole chain framed so.
//
//   message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
//   message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
//   message ScopeSpans { InstrumentationScope scope = 1; repeated Span spans = 2; string schema_url = 3; }
//
// Pure; any thread that owns the chain.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "collector/shard/span_storage.h"

namespace tailrace {

inline constexpr uint64_t kFrameOverhead = 24;  // two tags and two lengths at their longest

// Appends tags and lengths up to where `span_bytes` bytes of spans follow. `resource` and `scope` as in ScopeHeader.
void AppendFrame(std::string_view resource, std::string_view scope, uint64_t span_bytes, std::string* out);

// Appends the chain's spans in the order of their arrival, while no more than `bytes_max` bytes come of it; a segment
// that would pass that is cut between spans. False where spans were left out.
bool AppendChain(const SpanStorage& storage, const SpanChain& chain, uint64_t bytes_max, std::string* out);

}  // namespace tailrace

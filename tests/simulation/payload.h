// Payload: an exported ExportTraceServiceRequest taken apart by a reader of its own, so that what the code under test
// writes is not judged by the code under test.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/trace_id.h"

namespace tailrace::simulation {

struct SentSpan {
  uint32_t header;  // index into headers
  TraceId trace;
  std::string_view bytes;
};
struct SentHeader {
  std::string resource;  // the fields of the ResourceSpans beside its ScopeSpans
  std::string scope;     // the fields of the ScopeSpans beside its spans
};
struct SentSpans {
  std::vector<SentHeader> headers;
  std::vector<SentSpan> spans;
};

// False where the bytes are no request.
bool ReadPayload(std::string_view payload, SentSpans* sent);

}  // namespace tailrace::simulation

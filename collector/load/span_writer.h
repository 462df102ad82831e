// Writes made-up but realistic OTLP spans, each of exactly the size that was asked for. Used once, when requests are
// prepared; never while load is running.
//
// Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/trace_id.h"
#include "collector/load/load_options.h"
#include "collector/load/trace_label.h"

namespace tailrace {

// One trace as the writer sees it.
struct MadeTrace {
  TraceId id;
  TraceClass trace_class = TraceClass::kNormal;
  uint64_t salt = 1;  // makes span ids, numbers in attributes and times differ from other traces'
};

struct MadeTimes {
  uint64_t start_offset_ns = 0;  // after the base time
  uint64_t end_offset_ns = 0;
};

// Where the fields stand that change from one sending to the next, relative to the Span message's first byte.
struct SpanFieldOffsets {
  uint32_t trace_id = 0;
  uint32_t start = 0;
  uint32_t end = 0;
};

// Spans of one trace by service: service `s` has the spans [FirstSpanOf(s), FirstSpanOf(s + 1)). Span 0 is the root.
inline uint32_t FirstSpanOf(uint32_t service, const TrafficShape& shape) {
  return static_cast<uint32_t>(uint64_t{service} * shape.spans_per_trace / shape.services);
}

// A normal trace takes 5 to 200 ms, a slow one 600 to 2000 ms; every span lies inside its root.
MadeTimes TimesOf(const MadeTrace& trace, uint32_t index, const TrafficShape& shape);

// Appends one Span message, without tag and length, of shape.span_bytes bytes (more only where that is less than
// kSpanBytesMin). Times are written as base time 0.
inline constexpr uint32_t kSpanBytesMin = 128;
SpanFieldOffsets AppendSpan(const MadeTrace& trace, uint32_t index, uint32_t service, const TrafficShape& shape,
                            std::string* out);

// Appends the resource field (tag and length included) of one service's ResourceSpans, and the scope field of its
// ScopeSpans.
void AppendResourceField(uint32_t service, const TrafficShape& shape, std::string* out);
void AppendScopeField(std::string* out);

// A length-delimited field: tag, length, bytes.
void AppendField(uint32_t field, const std::string& bytes, std::string* out);
void AppendVarint(uint64_t value, std::string* out);

}  // namespace tailrace

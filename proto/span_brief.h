// What counting needs to know of a span beside its trace: the operation, how long it took and how it ended. Positions
// into the request, nothing copied: 32 bytes a span.
//
//   message Span { ... string trace_state = 3; ... string name = 5; SpanKind kind = 6;
//                  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9;
//                  ... repeated Event events = 11; ... Status status = 15; ... }
//
// Two ways to the same briefs: the request scanner takes them along for the first spans of a request, as many as its
// caller has room for; BriefReader reads those of a run again, for requests with more.
//
// Values and pure functions; any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "proto/span_scanner.h"
#include "proto/wire_reader.h"

namespace tailrace {

// As in OTLP; what no version of it has ends up in the last place.
inline constexpr uint8_t kSpanKinds = 7;
inline constexpr uint8_t kSpanStatuses = 4;

struct SpanBrief {
  uint32_t span_offset = 0;  // the Span message, without its tag and length
  uint32_t span_size = 0;
  uint32_t name_offset = 0;
  uint32_t name_size = 0;
  uint64_t duration_ns = 0;  // 0 where the end is not after the start, as the Collector counts
  uint32_t header = 0;       // index into ScannedRequest::headers
  uint8_t kind = 0;          // 0: unspecified, 1: internal, 2: server, 3: client, 4: producer, 5: consumer, 6: other
  uint8_t status = 0;        // 0: unset, 1: ok, 2: error, 3: other
  bool has_trace_state = false;
  bool has_events = false;

  std::string_view name(std::string_view request) const { return request.substr(name_offset, name_size); }
  std::string_view span(std::string_view request) const { return request.substr(span_offset, span_size); }
};
static_assert(sizeof(SpanBrief) == 32);

// `span` lies in `request`; `scanned` is what ScanSpan() made of it.
inline SpanBrief BriefOf(std::string_view request, std::string_view span, const ScannedSpan& scanned, uint32_t header) {
  SpanBrief brief;
  brief.span_offset = static_cast<uint32_t>(span.data() - request.data());
  brief.span_size = static_cast<uint32_t>(span.size());
  brief.name_offset = static_cast<uint32_t>(scanned.name.data() - request.data());
  brief.name_size = static_cast<uint32_t>(scanned.name.size());
  brief.duration_ns = scanned.end_ns > scanned.start_ns ? scanned.end_ns - scanned.start_ns : 0;
  brief.header = header;
  brief.kind = scanned.kind < kSpanKinds - 1 ? static_cast<uint8_t>(scanned.kind) : kSpanKinds - 1;
  brief.status = scanned.status < kSpanStatuses - 1 ? static_cast<uint8_t>(scanned.status) : kSpanStatuses - 1;
  brief.has_trace_state = (scanned.seen & kSeenTraceState) != 0;
  brief.has_events = (scanned.seen & kSeenEvents) != 0;
  return brief;
}

// The briefs of one run, one after the other. `run` is as SpanRun::bytes says, and was scanned before.
class BriefReader {
 public:
  BriefReader(std::string_view request, std::string_view run, uint32_t header)
      : request_(request), reader_(run), header_(header) {}

  bool Next(SpanBrief* brief);

 private:
  const std::string_view request_;
  WireReader reader_;
  const uint32_t header_;
};

}  // namespace tailrace

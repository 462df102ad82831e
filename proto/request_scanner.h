// One pass over an ExportTraceServiceRequest: finds every span's trace, times, status and bytes without decoding
// anything else. First step of the straight line after inflating.
//
//   message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
//   message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
//   message ScopeSpans { InstrumentationScope scope = 1; repeated Span spans = 2; string schema_url = 3; }
//
// Pure; any thread. Bad input is an enum, never an exception; reads nothing outside `request`; allocates only to grow
// the result's arrays, which the caller reuses.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/trace_id.h"
#include "proto/span_brief.h"
#include "proto/span_facts.h"
#include "proto/span_scanner.h"

namespace tailrace {

// A piece of the request by position.
struct ByteRange {
  uint32_t offset = 0;
  uint32_t size = 0;
};

// The fields of one ResourceSpans beside its scope_spans, and of one of its ScopeSpans beside its spans: `resource` and
// `scope` are wire bytes with their tags. Ranges into `request` where the fields lie together, else into
// ScannedRequest::gathered.
struct ScopeHeader {
  ByteRange resource;
  ByteRange scope;
  bool resource_gathered = false;
  bool scope_gathered = false;
  uint32_t resource_spans = 0;  // which ResourceSpans of the request, from 0
};

// Neighbouring spans of one trace under one header: `bytes` covers them as they stand on the wire, each with its tag
// (0x12) and length, so that they can be copied whole.
struct SpanRun {
  TraceId trace_id;
  ByteRange bytes;
  uint32_t header = 0;  // index into headers
  uint32_t span_count = 0;
  TimeSpan time;     // of these spans alone; see `ordinary`
  uint8_t seen = 0;  // SeenBit
  // False: some time is 0 or has its top bit set, so that the order of arrival matters; whoever folds this run into a
  // trace must walk its spans (AddSpanTimes).
  bool ordinary = true;
};

struct ScannedRequest {
  std::vector<ScopeHeader> headers;
  std::vector<SpanRun> runs;
  std::vector<char> gathered;
  std::vector<SpanBrief> briefs;  // of the first spans in runs, as many as were asked for
  uint32_t span_count = 0;      // spans in runs
  uint32_t rejected_spans = 0;  // spans with a bad trace or span id: in no run

  void Clear();
  std::string_view Resource(std::string_view request, const ScopeHeader& header) const;
  std::string_view Scope(std::string_view request, const ScopeHeader& header) const;
};

// The same for whoever holds the parts: `in_gathered` says which of the two `range` points into.
inline std::string_view SliceHeader(std::string_view request, const std::vector<char>& gathered, ByteRange range,
                                    bool in_gathered) {
  return (in_gathered ? std::string_view(gathered.data(), gathered.size()) : request).substr(range.offset, range.size);
}

// Calls visit(brief) for every span in runs, in their order. Where the scan left some briefs out, all are read again.
template <typename Visit>
void ForEachBrief(std::string_view request, const ScannedRequest& scanned, Visit visit) {
  if (scanned.briefs.size() == scanned.span_count) {
    for (const SpanBrief& brief : scanned.briefs) visit(brief);
    return;
  }
  for (const SpanRun& run : scanned.runs) {
    BriefReader reader(request, request.substr(run.bytes.offset, run.bytes.size), run.header);
    SpanBrief brief;
    while (reader.Next(&brief)) visit(brief);
  }
}

// What the arrays of a ScannedRequest may grow to.
struct ScanLimits {
  uint32_t runs_max = UINT32_MAX;  // more are an error
  uint32_t briefs_max = 0;         // more are left out
};

// Clears and fills `result`. On an error `result` holds nothing of use.
[[nodiscard]] ScanError ScanRequest(std::string_view request, ScannedRequest* result, ScanLimits limits = {});

}  // namespace tailrace

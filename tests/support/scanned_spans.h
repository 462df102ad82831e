// What a test asks of exported bytes: the spans of each trace, by trace id, as their wire bytes.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "proto/request_scanner.h"
#include "proto/wire_reader.h"

namespace tailrace::testing {

using SpansByTrace = std::map<std::string, std::vector<std::string>>;

// Adds the spans of one ExportTraceServiceRequest, in their order. False where the scanner refuses it.
inline bool AddSpans(std::string_view request, SpansByTrace* spans) {
  ScannedRequest scanned;
  if (ScanRequest(request, &scanned) != ScanError::kNone) return false;
  for (const SpanRun& run : scanned.runs) {
    WireReader reader(request.substr(run.bytes.offset, run.bytes.size));
    while (reader.Next()) (*spans)[run.trace_id.ToHex()].emplace_back(reader.Bytes());
  }
  return true;
}

}  // namespace tailrace::testing

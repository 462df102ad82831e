// A request taken in two: for a backend that finds it too large, or that refuses something in it. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tailrace {

struct RequestHalves {
  std::string first;
  std::string second;
  uint32_t first_spans = 0;
  uint32_t second_spans = 0;
};

// Spans in a serialized ExportTraceServiceRequest.
uint32_t CountSpans(std::string_view request);

// At the span in the middle of `request`, which holds at least two; both halves carry the resources and scopes
// (schema_url and unknown fields too) of their spans. Where spans of one trace stand together, the cut is moved to the
// nearest border between traces, unless that would leave less than a quarter of the spans on one side.
RequestHalves SplitInTwo(std::string_view request);

}  // namespace tailrace

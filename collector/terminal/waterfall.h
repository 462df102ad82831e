// LayOut: the spans of one trace as a waterfall, before anybody draws it: their order and depth, when each began and
// how long it took, and which of them the trace waited for longest.
//
// Clocks of machines differ. A server span that lies outside the client span that called it, and could lie within it,
// is moved to its middle with all that is below it, and counted; nothing else is moved. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace tailrace {

// Views of whatever the caller read the spans from.
struct WaterfallSpan {
  std::string_view id;
  std::string_view parent_id;
  std::string_view service;
  std::string_view name;
  int32_t kind = 0;  // as OTLP numbers them: 2 server, 3 client
  uint64_t start_ns = 0;
  uint64_t end_ns = 0;
  bool error = false;
  std::string_view status_message;
};

struct WaterfallRow {
  uint32_t span;
  uint32_t level;
  uint64_t offset_ns;  // from the trace's start
  uint64_t duration_ns;
  uint64_t critical_ns;  // of the root's time, what this span by itself was waited for
};

struct Waterfall {
  std::vector<WaterfallRow> rows;
  uint64_t duration_ns = 0;            // of the whole: from the first start to the last end
  uint32_t root = 0;                   // a place in the spans: the longest span that has no parent here
  bool root_seen = false;              // it has no parent at all
  std::optional<uint32_t> bottleneck;  // a place in the spans; none where nothing takes time
  uint64_t bottleneck_ns = 0;
  uint64_t root_duration_ns = 0;
  std::optional<uint32_t> cause;  // a span with an error below which there is none with one; the earliest
  uint32_t moved = 0;
};

// No spans: an empty waterfall.
Waterfall LayOut(const std::vector<WaterfallSpan>& spans);

}  // namespace tailrace

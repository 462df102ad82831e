// What a list of traces shows of one, and what it is searched by, out of its spans. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/admin/trace_query.h"

namespace tailrace {

struct RootSpan {
  std::string service;
  std::string operation;
};

struct TraceSummary {
  static constexpr size_t kServicesMax = 8;
  std::vector<std::string> services;  // in the order of their first span
  std::optional<RootSpan> root;       // the first span without a parent
};

// `request`: the trace's spans as an ExportTraceServiceRequest.
TraceSummary Summarize(std::string_view request);

// Whether some span is of the service, some has the operation's name, and some, or its resource, the attribute: each
// only where it is asked for.
bool SpansMatch(const TraceQuery& query, std::string_view request);

}  // namespace tailrace

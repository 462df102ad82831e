// The answers about traces as JSON text: lists, and why one was decided so. Pure but for the time of day; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "collector/admin/trace_finder.h"

namespace tailrace {

std::string TraceListJson(const TraceFinder& finder, const TraceFinder::Page& page);

// `answers`: as TraceFinder::Look() gives them.
std::string WhyJson(const TraceFinder& finder, const TraceId& id, const std::vector<TraceFinder::Answer>& answers);

}  // namespace tailrace

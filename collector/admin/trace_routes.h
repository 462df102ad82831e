// The routes of the API that are about traces: the list of recent ones, one trace whole, and why it was decided so.
#pragma once

#include <vector>

#include "collector/admin/http_message.h"
#include "collector/admin/trace_finder.h"

namespace tailrace {

// /api/v1/traces, /api/v1/traces/{id}, /api/v1/why/{id}. `finder` outlives the server.
std::vector<AdminRoute> TraceRoutes(const TraceFinder& finder);

}  // namespace tailrace

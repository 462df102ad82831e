// MetricsRoute: GET /metrics. Each scrape takes one snapshot, on the admin server's thread.
#pragma once

#include <functional>

#include "collector/admin/http_server.h"
#include "collector/telemetry/metrics.h"
#include "collector/telemetry/process_stats.h"
#include "collector/telemetry/snapshot.h"

namespace tailrace {

// For AdminServer::AddRoute. `snapshot` is called on the server's thread and may wait for the shards; `process`
// outlives the server.
AdminHandler MetricsRoute(std::function<DaemonSnapshot()> snapshot, const ProcessStatsReader& process,
                          InstanceInfo instance);

}  // namespace tailrace

// RenderMetrics: a snapshot as the page that Prometheus scrapes. Beside the straight line: called by a scrape, on the
// admin server's thread. Pure; any thread.
//
// Which metrics there are stands in metric_list.cc alone; docs/METRICS.md is made from the same list.
#pragma once

#include <string>

#include "collector/telemetry/process_stats.h"
#include "collector/telemetry/snapshot.h"

namespace tailrace {

// Who this process is; for target_info and tailrace_build_info.
struct InstanceInfo {
  std::string service_name = "tailrace";
  std::string service_version = TAILRACE_VERSION;
  std::string service_instance_id;  // drawn anew at each start
  std::string compiler = __VERSION__;
};

// Prometheus' text exposition format, version 0.0.4.
std::string RenderMetrics(const DaemonSnapshot& snapshot, const ProcessStats& process, const InstanceInfo& instance);

// docs/METRICS.md: every metric with its type, labels and sentence.
std::string RenderMetricsDoc();

}  // namespace tailrace

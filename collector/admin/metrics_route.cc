#include "collector/admin/metrics_route.h"

#include <utility>

namespace tailrace {

AdminHandler MetricsRoute(std::function<DaemonSnapshot()> snapshot, const ProcessStatsReader& process,
                          InstanceInfo instance) {
  return [snapshot = std::move(snapshot), &process, instance = std::move(instance)](const AdminRequest&) {
    return AdminResponse{.content_type = "text/plain; version=0.0.4; charset=utf-8",
                         .body = RenderMetrics(snapshot(), process.Read(), instance)};
  };
}

}  // namespace tailrace

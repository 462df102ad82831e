// AdminServers: what people and probes ask the daemon over HTTP, each on a port of its own: /metrics, the health check,
// the page.
//
// Thread: the one that starts and stops the daemon. `snapshot` is called on the servers' own threads.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/clock.h"
#include "collector/access/access_keeper.h"
#include "collector/admin/health.h"
#include "collector/admin/http_server.h"
#include "collector/admin/moment.h"
#include "collector/telemetry/log.h"
#include "collector/telemetry/process_stats.h"
#include "config/model.h"

namespace tailrace {

class AdminServers {
 public:
  // All of it outlives the servers.
  struct Parts {
    const config::Config& config;
    std::function<DaemonSnapshot()> snapshot;
    const HealthState& health;
    const ProcessStatsReader& process;
    const Clock& clock;
    Logger& logger;
    std::string instance_id;
  };
  explicit AdminServers(Parts parts);

  // Before Start(): more routes of the page's server.
  void AddPageRoutes(std::vector<AdminRoute> routes);

  // Starts those that the configuration wants. An error says which cannot be had and why. A page that nobody asked for
  // is no reason to fail: then there is a warning.
  [[nodiscard]] absl::Status Start(AccessKeeper& access);
  // Joins their threads. Again: nothing happens.
  void Stop();

 private:
  absl::Status StartMetrics(AccessKeeper& access);
  absl::Status StartHealth(AccessKeeper& access);
  absl::Status StartPage(AccessKeeper& access);

  const Parts parts_;
  Moments moments_;  // single-writer: the page server's thread
  AdminServer metrics_;
  AdminServer health_;
  AdminServer page_;
};

}  // namespace tailrace

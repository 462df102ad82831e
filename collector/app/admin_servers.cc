#include "collector/app/admin_servers.h"

#include <chrono>
#include <cstdint>
#include <utility>

#include "absl/status/statusor.h"
#include "collector/admin/metrics_route.h"
#include "collector/admin/page_routes.h"
#include "config/endpoint.h"

namespace tailrace {
namespace {

// Browsers open several connections each, and hold them.
constexpr AdminLimits kPageLimits = {.request_bytes_max = size_t{16} << 10, .connections_max = 128};

absl::Status Named(const std::string& key, const absl::Status& status) {
  return absl::Status(status.code(), key + ": " + std::string(status.message()));
}

}  // namespace

AdminServers::AdminServers(Parts parts)
    : parts_(std::move(parts)), moments_(parts_.snapshot, parts_.process, parts_.clock), page_(kPageLimits) {}

void AdminServers::AddPageRoutes(std::vector<AdminRoute> routes) {
  for (AdminRoute& route : routes) page_.AddRoute(std::move(route));
}

absl::Status AdminServers::Start(AccessKeeper& access) {
  if (absl::Status status = StartMetrics(access); !status.ok()) return Named("service::telemetry::metrics", status);
  if (absl::Status status = StartHealth(access); !status.ok()) return Named("extensions::health_check", status);
  if (absl::Status status = StartPage(access); !status.ok()) return Named("service::tailrace::page", status);
  return absl::OkStatus();
}

void AdminServers::Stop() {
  page_.Stop();
  metrics_.Stop();
  health_.Stop();
}

absl::Status AdminServers::StartMetrics(AccessKeeper& access) {
  const config::MetricsConfig& config = parts_.config.metrics;
  if (!config.enabled) return absl::OkStatus();
  const absl::StatusOr<ListenerAccess*> let_in = access.Add("metrics", parts_.config.engine.metrics, /*http2=*/false);
  if (!let_in.ok()) return let_in.status();
  metrics_.SetAccess(*let_in);
  metrics_.AddRoute(
      {"/metrics", MetricsRoute(parts_.snapshot, parts_.process, {.service_instance_id = parts_.instance_id})});
  return metrics_.Start(config.host, config.port).status();
}

absl::Status AdminServers::StartHealth(AccessKeeper& access) {
  const config::HealthCheckConfig& config = parts_.config.health_check;
  if (!config.enabled) return absl::OkStatus();
  const absl::StatusOr<ListenerAccess*> let_in = access.Add("health_check", config, /*http2=*/false);
  if (!let_in.ok()) return let_in.status();
  health_.SetAccess(*let_in);
  health_.AddRoute({config.path, HealthRoute(parts_.health)});
  return health_.Start(config.host, config.port).status();
}

absl::Status AdminServers::StartPage(AccessKeeper& access) {
  const config::PageConfig& config = parts_.config.engine.page;
  if (!config.enabled) return absl::OkStatus();
  const absl::StatusOr<ListenerAccess*> let_in = access.Add("page", config, /*http2=*/false);
  if (!let_in.ok()) return let_in.status();
  page_.SetAccess(*let_in);
  page_.SetBrowserRules(PageBrowserRules(config));
  const int64_t started_ns = parts_.clock.WallNs() - static_cast<int64_t>(parts_.process.Read().uptime_s * 1e9);
  const Identity identity = {.instance = {.service_instance_id = parts_.instance_id},
                             .started_unix_ms = started_ns / 1'000'000};
  AddPageRoutes(PageRoutes({parts_.config, moments_, parts_.health, identity}));
  const absl::StatusOr<uint16_t> port = page_.Start(config.host, config.port);
  if (port.ok()) {
    const std::string scheme = config.tls.enabled ? "https://" : "http://";
    parts_.logger.Info("page", "Starting the page", {{"url", scheme + config::JoinHostPort(config.host, *port) + "/"}});
    return absl::OkStatus();
  }
  if (config.is_endpoint_given) return port.status();
  parts_.logger.Warn("page", "going on without the page; service::tailrace::page::endpoint can move it",
                     {{"error", std::string(port.status().message())}});
  return absl::OkStatus();
}

}  // namespace tailrace

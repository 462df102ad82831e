// PageRig: the page's server as the daemon runs it, on a snapshot made by hand. One thread, beside the server's own.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "collector/admin/http_server.h"
#include "collector/admin/page_routes.h"
#include "tests/collector/admin/raw_client.h"
#include "tests/collector/telemetry/sample_snapshot.h"
#include "tests/support/manual_clock.h"

namespace tailrace::testing {

// The configuration that SampleSnapshot() is of.
inline config::Config SampleConfig() {
  config::Config config;
  config.receivers.resize(1);
  config.receivers[0].id.text = "otlp";
  config.receivers[0].grpc.enabled = true;
  config.receivers[0].http.enabled = true;
  config.tail_samplings.resize(1);
  config.tail_samplings[0].policies = {{.name = "errors", .rule = config::StatusCodeConfig{.status_codes = {"ERROR"}}},
                                       {.name = "slow \"a\\b\"", .rule = config::LatencyConfig{.threshold_ms = 500}}};
  config.pipelines = {{.id = "traces/a", .receivers = {0}, .tail_sampling = 0},
                      {.id = "traces/b", .receivers = {0}, .tail_sampling = -1}};
  config.warnings = {"a warning"};
  return config;
}

class PageRig {
 public:
  explicit PageRig(AdminLimits limits = {})
      : moments_(
            [this] {
              ++snapshots_;
              return SampleSnapshot();
            },
            process_, clock_),
        server_(limits) {
    for (AdminRoute& route : PageRoutes({config_, moments_, health_, {.instance = SampleInstance()}})) {
      server_.AddRoute(std::move(route));
    }
    server_.SetBrowserRules(PageBrowserRules(config_.engine.page));
    const absl::StatusOr<uint16_t> port = server_.Start("127.0.0.1", 0);
    EXPECT_TRUE(port.ok()) << port.status();
    port_ = port.value_or(0);
  }
  ~PageRig() { server_.Stop(); }

  // One request with these further fields, a line each with its CRLF; the whole answer.
  std::string Ask(std::string_view method, std::string_view target, std::string_view fields = "",
                  std::string_view host = "localhost:8080") const {
    RawClient client(port_);
    std::string request(method);
    request.append(" ").append(target).append(" HTTP/1.1\r\nHost: ").append(host).append("\r\n");
    request.append("Connection: close\r\n").append(fields).append("\r\n");
    client.Send(request);
    return client.ReadAll();
  }
  std::string Get(std::string_view target, std::string_view fields = "") const { return Ask("GET", target, fields); }

  uint16_t port() const { return port_; }
  uint64_t snapshots() const { return snapshots_; }
  ManualClock& clock() { return clock_; }

 private:
  ManualClock clock_;
  const config::Config config_ = SampleConfig();
  ProcessStatsReader process_{clock_};
  HealthState health_{clock_};
  std::atomic<uint64_t> snapshots_{0};
  Moments moments_;
  AdminServer server_;
  uint16_t port_ = 0;
};

inline std::string BodyOf(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }

}  // namespace tailrace::testing

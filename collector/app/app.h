// App: the daemon put together from a configuration: exporters, shards, connections, listeners, metrics and health;
// started in the order in which spans flow backwards, stopped in the order in which they flow.
//
// Thread: one (main) calls Start, WaitForSignal and Stop; the rest run on threads of their own.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "base/clock.h"
#include "collector/telemetry/ledger.h"
#include "collector/telemetry/log.h"
#include "config/model.h"

namespace tailrace {

class App {
 public:
  App(config::Config config, Logger& logger, const Clock& clock);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // When this returns OK every listener listens and health says so. An error says what could not be had and why; what
  // was started by then is stopped by the destructor.
  [[nodiscard]] absl::Status Start();

  // Returns at SIGTERM or SIGINT. SIGHUP is logged and ignored.
  void WaitForSignal();

  // Stop accepting, answer what is in, drain the rings, decide what waits, flush the exporters until
  // service::tailrace::shutdown_timeout. Returns the final ledger.
  std::vector<LedgerLine> Stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tailrace

// PprofServer: the pprof extension, with its port and, where the configuration wants one, the profile of the whole run.
//
// Thread: the one that starts and stops the daemon.
#pragma once

#include <memory>

#include "absl/status/status.h"
#include "base/clock.h"
#include "collector/access/access_keeper.h"
#include "collector/admin/http_server.h"
#include "collector/profile/profile_file.h"
#include "collector/telemetry/log.h"
#include "config/model.h"

namespace tailrace {

class PprofServer {
 public:
  // All of it outlives this. Where the extension is configured, memory is sampled from here on.
  PprofServer(const config::PprofConfig& config, const Clock& clock, Logger& logger);

  // Nothing where the extension is not configured.
  [[nodiscard]] absl::Status Start(AccessKeeper& access);
  // Ends the server and saves the profile of the run. Again: nothing happens.
  void Stop();

 private:
  const config::PprofConfig& config_;
  const Clock& clock_;
  Logger& logger_;
  AdminServer server_;
  std::unique_ptr<ProfileFile> file_;
};

}  // namespace tailrace

// TlsServer: the TLS of one listener: its context, made anew when its files change. A connection keeps the context that
// it began with; what cannot be used leaves the last good one in place.
//
// Guarded: own mutex; any thread, but Look(), which one thread calls.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "collector/access/access_counters.h"
#include "collector/access/tls_context.h"
#include "collector/access/tls_stream.h"
#include "collector/access/watched_text.h"
#include "collector/telemetry/log.h"
#include "config/model.h"

namespace tailrace {

class TlsServer {
 public:
  // `name`: the listener's, for the log. An error says what cannot be read or used. `logger` and `counters` outlive it.
  static absl::StatusOr<std::unique_ptr<TlsServer>> Make(const std::string& name, const config::TlsServerConfig& config,
                                                         bool http2, Logger& logger, AccessCounters& counters);

  // For a new connection.
  std::shared_ptr<ssl_ctx_st> context();
  std::unique_ptr<TlsStream> NewStream() { return std::make_unique<TlsStream>(context().get()); }

  // Looks at the files. Returns when to look again; 0: never.
  config::Duration Look();

 private:
  using Part = std::string TlsMaterial::*;

  TlsServer(std::string name, config::TlsServerConfig config, bool http2, Logger& logger, AccessCounters& counters);
  absl::Status ReadAll();
  absl::Status Use(const TlsMaterial& material);
  void Failed(absl::string_view why);

  const std::string name_;
  const config::TlsServerConfig config_;
  const bool http2_;
  Logger& logger_;
  AccessCounters& counters_;

  // Of the thread that looks.
  std::vector<Part> watched_parts_;  // what watched_ reads, in its order
  WatchedText watched_;
  config::Duration look_every_{0};  // 0: nothing is watched
  TlsMaterial material_;            // the last that could be used

  std::mutex mutex_;
  std::shared_ptr<ssl_ctx_st> context_;  // guarded by mutex_
};

}  // namespace tailrace

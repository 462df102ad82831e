// AccessKeeper: the accesses of all listeners, their authenticators (one for each extension, however many listeners
// name it), and the thread that looks at their files.
//
// Ownership: Add() and Start() by the thread that starts the daemon; Stats() by any. Listeners are gone before it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "collector/access/listener_access.h"
#include "collector/telemetry/log.h"
#include "collector/telemetry/snapshot.h"
#include "config/model.h"

namespace tailrace {

class AccessKeeper {
 public:
  explicit AccessKeeper(Logger& logger);
  ~AccessKeeper();
  AccessKeeper(const AccessKeeper&) = delete;
  AccessKeeper& operator=(const AccessKeeper&) = delete;

  // What `config` asks for, read from its files; null where it asks for nothing. `name`: "otlp/grpc", "metrics".
  // `http2`: the listener speaks it.
  absl::StatusOr<ListenerAccess*> Add(const std::string& name, const config::AccessConfig& config, bool http2);

  // Looks at the files from now on. After the last Add().
  void Start();

  std::vector<ListenerStats> Stats() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tailrace

// FrontDoor: the listeners of all receivers, on the main thread, and where each new connection goes: to the shard that
// has the fewest, so that a handful of long-lived gRPC connections still spread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "base/clock.h"
#include "collector/access/access_keeper.h"
#include "collector/shard/shard.h"
#include "collector/telemetry/log.h"
#include "config/model.h"

namespace boost::asio {
class io_context;
}

namespace tailrace {

class FrontDoor {
 public:
  // All outlive this object.
  FrontDoor(boost::asio::io_context& io, const config::Config& config, std::vector<std::unique_ptr<Shard>>& shards,
            AccessKeeper& access, const Clock& clock, Logger& logger);
  ~FrontDoor();

  // Opens every listener of every receiver.
  [[nodiscard]] absl::Status Open();
  // Stops accepting, answers what is in, and closes every connection at `deadline_ns` (monotonic) at the latest.
  void Close(int64_t deadline_ns);
  // Connections turned away because of connections_max.
  uint64_t turned_away() const;
  // Times that accepting paused because the process had no more descriptors.
  uint64_t accept_pauses() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tailrace

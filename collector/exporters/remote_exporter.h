// RemoteExporter: what all exporters to a backend have in common: the queue, in memory or on disk, the retries, what
// happens to a batch that the backend will not take as it is, and the end. How requests travel is the transport's.
//
//   Offer() -> SendingQueue [-> storage] -> [thread: Take -> BackendTransport -> Finish] -> forwarded / waits for a
//   retry / taken in two / dropped, to the dead letters where there are some
//
// One thread, whatever num_consumers says: that bounds the requests under way.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "collector/exporters/backend_transport.h"
#include "collector/exporters/dead_letters.h"
#include "collector/exporters/exporter.h"
#include "collector/telemetry/log.h"
#include "config/model.h"

namespace tailrace {

// Where the backend is, for metrics labels; the port is empty where there is none.
struct HostPort {
  std::string host;
  std::string port;
};

// A backend that is one of several may leave while the daemon runs; then what waits for it is somebody else's.
class RemoteExporter : public Exporter {
 public:
  // Before Stop(), once; Offer() is not called after it. No request is begun any more; those under way end by
  // themselves. `changed` is called on the exporter's thread whenever there may be more to withdraw, or left() may
  // have become true.
  virtual void Leave(std::function<void()> changed) = 0;
  // After Leave(); any thread: some batches of equal hops that were not delivered (SendingQueue::Withdraw()), which are
  // from now on as if they had never been offered.
  virtual std::vector<ExportBatch> Withdraw() = 0;
  // After Leave(); any thread: nothing is left, and nothing will come.
  virtual bool left() const = 0;
  // Any thread: how many bytes of payloads the queue may hold from now on.
  virtual void LimitMemory(uint64_t bytes) = 0;
  // The first half of Stop(): begins the end and does not wait for it. Optional.
  virtual void BeginStop(std::chrono::steady_clock::time_point deadline) = 0;
};

// `storage`: null where the queue is in memory. `dead_letters`: opened already, for several exporters; null: as
// `config` says.
std::unique_ptr<RemoteExporter> MakeRemoteExporter(const config::BackendConfig& config,
                                                   const config::FileStorageConfig* storage, HostPort address,
                                                   std::unique_ptr<BackendTransport> transport, Logger& logger,
                                                   const Clock& clock,
                                                   std::shared_ptr<DeadLetters> dead_letters = nullptr);

}  // namespace tailrace

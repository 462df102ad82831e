// RemoteExporter: what all exporters to a backend have in common: the queue, in memory or on disk, the retries, what
// happens to a batch that the backend will not take as it is, and the end. How requests travel is the transport's.
//
//   Offer() -> SendingQueue [-> storage] -> [thread: Take -> BackendTransport -> Finish] -> forwarded / waits for a
//   retry / taken in two / dropped, to the dead letters where there are some
//
// One thread, whatever num_consumers says: that bounds the requests under way.
#pragma once

#include <memory>

#include "base/clock.h"
#include "collector/exporters/backend_transport.h"
#include "collector/exporters/exporter.h"
#include "collector/telemetry/log.h"
#include "config/model.h"

namespace tailrace {

// Where the backend is, for metrics labels; the port is empty where there is none.
struct HostPort {
  std::string host;
  std::string port;
};

// `storage`: null where the queue is in memory.
std::unique_ptr<Exporter> MakeRemoteExporter(const config::BackendConfig& config,
                                             const config::FileStorageConfig* storage, HostPort address,
                                             std::unique_ptr<BackendTransport> transport, Logger& logger,
                                             const Clock& clock);

}  // namespace tailrace

// BackendTransport: how the requests of one exporter travel to their backend; gRPC and HTTP each have one. The delivery
// loop (remote_exporter.h) owns it, and everything but Wake() is called from the loop's thread.
//
// Every request given to Send() comes back from Poll() exactly once, at the latest when its time-out is over.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "collector/exporters/exporter.h"
#include "collector/exporters/send_result.h"

namespace tailrace {

struct TransportAnswer {
  uint64_t tag = 0;  // of Send()
  SendResult result;
};

class BackendTransport {
 public:
  virtual ~BackendTransport() = default;

  // Reads certificates and the like; connects to nothing yet. An error stops the daemon's start.
  [[nodiscard]] virtual absl::Status Start() = 0;
  // Begins a request. The batch's payload is held until the answer.
  virtual void Send(uint64_t tag, const ExportBatch& batch) = 0;
  // Appends what was answered; waits for the first answer until `until_ns` (monotonic; INT64_MAX: for ever) or Wake().
  virtual void Poll(int64_t until_ns, std::vector<TransportAnswer>* answers) = 0;
  // Any thread, any time between Start() and the destructor: the Poll() under way, or else the next, returns early.
  virtual void Wake() = 0;
  // What is on its way ends now; the answers come from Poll().
  virtual void CancelAll() = 0;
};

}  // namespace tailrace

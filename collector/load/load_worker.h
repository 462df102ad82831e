// LoadWorker: one thread of the load generator: its traffic, its connections and the epoll loop that drives them.
//
// Single-writer: Run() and everything behind it belong to the thread that calls Run(). counters() and Stop() may be
// used by any thread.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/clock.h"
#include "collector/load/client_connection.h"
#include "collector/load/load_counters.h"
#include "collector/load/load_options.h"
#include "collector/load/traffic.h"

namespace tailrace {

class LoadWorker {
 public:
  LoadWorker(const LoadOptions& options, uint32_t thread, const Clock* clock);
  ~LoadWorker();

  // Prepares the requests and opens the first connection; an error says in words why the server cannot be used.
  [[nodiscard]] absl::Status Start();
  // Until the duration is over, the traces are sent, Stop() is called, or no connection could be had for ten seconds.
  [[nodiscard]] absl::Status Run();
  void Stop() { stop_.store(true, std::memory_order_relaxed); }  // a hint: read in the loop, publishes nothing

  const LoadCounters& counters() const { return counters_; }

 private:
  struct Connection {
    int fd = -1;
    std::unique_ptr<ClientConnection> client;
    bool writable_wanted = false;
    int64_t retry_at_ns = 0;
    int64_t opened_ns = 0;
  };

  absl::Status Open(Connection* connection);
  void Close(Connection* connection, const std::string& why);
  void CloseOverdue(int64_t now_ns);
  void PumpAll();
  void Watch(Connection* connection);
  bool ReopenBroken(int64_t now_ns);
  size_t InFlight() const;
  int WaitMs() const;
  ClientConnection::Now Now() const { return {clock_->MonotonicNs(), static_cast<uint64_t>(clock_->WallNs())}; }

  const LoadOptions options_;
  const uint32_t thread_;
  const Clock* const clock_;
  LoadCounters counters_;
  std::atomic<bool> stop_{false};

  int epoll_ = -1;
  std::unique_ptr<Traffic> traffic_;
  std::vector<Connection> connections_;
  std::string last_error_;
};

}  // namespace tailrace

// AdminServer: a small HTTP/1.1 server for /metrics, the health check and the page. Beside the straight line: it reads
// snapshots and never touches a shard. One instance for each port.
//
// Ownership: one thread of its own runs everything between Start() and Stop(); handlers are called on it, one at a
// time. Routes are fixed at Start() (immutable from then on). counters() is lock-free: any thread.
//
// What it answers by itself: 400 not HTTP or not what the route takes, 401 and 503 not let in, 403 against the browser
// rules, 404 no such path, 405 neither GET nor HEAD, 411 body without a length, 413 body over the limit, 429 and 503
// over a limit of AdminLimits, 431 header over the limit, 500 a handler threw. Where a request cannot be read or is not
// let in its connection ends.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "collector/admin/browser_rules.h"
#include "collector/admin/http_message.h"

namespace tailrace {

class ListenerAccess;

struct AdminLimits {
  size_t request_bytes_max = size_t{64} << 10;                           // of the header, and of the body
  size_t connections_max = 64;                                           // one more is closed at once
  size_t costly_waiting_max = 16;                                        // requests; one more is answered with 429
  size_t answer_bytes_max = size_t{64} << 20;                            // of answers not yet sent, but for one alone
  std::chrono::milliseconds request_timeout = std::chrono::seconds(10);  // from a request's first byte to its last
  std::chrono::milliseconds idle_timeout = std::chrono::seconds(120);    // between two requests
  std::chrono::milliseconds write_timeout = std::chrono::seconds(30);
};

struct AdminCounters {
  uint64_t requests = 0;              // answered, whatever the answer
  uint64_t connections_open = 0;      // now
  uint64_t connections_refused = 0;   // over connections_max
  uint64_t requests_turned_away = 0;  // over costly_waiting_max or answer_bytes_max
  uint64_t timeouts = 0;
};

class AdminServer {
 public:
  explicit AdminServer(AdminLimits limits = {});
  ~AdminServer();
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;

  // Before Start().
  void AddRoute(AdminRoute route);

  // Before Start(), for a server that browsers talk to.
  void SetBrowserRules(BrowserRules rules);

  // Before Start(). Null: anybody may ask, in plain text. It outlives the server.
  void SetAccess(ListenerAccess* access);

  // Listens and starts the thread. `host` is an address or a name; port 0 takes any free one. Returns the bound port;
  // an error says what could not be done. May be called once.
  [[nodiscard]] absl::StatusOr<uint16_t> Start(const std::string& host, uint16_t port);

  // Closes everything and joins the thread. Again, or without Start(): nothing happens. Not from a handler.
  void Stop();

  AdminCounters counters() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tailrace

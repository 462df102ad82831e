// AdminServer: a small HTTP/1.1 server for /metrics, the health check and the page. Beside the straight line: it reads
// snapshots and never touches a shard. One instance for each port.
//
// Ownership: one thread of its own runs everything between Start() and Stop(); handlers are called on it, one at a
// time. Routes are fixed at Start() (immutable from then on). counters() is lock-free: any thread.
//
// What it answers by itself: 400 not HTTP, 401 and 503 not let in, 404 no such path, 405 neither GET nor HEAD, 413 body
// over the limit, 431 header over the limit, 500 a handler threw. Each of 400, 401, 413 and 431 ends its connection.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace tailrace {

class ListenerAccess;

struct AdminRequest {
  std::string path;   // without the query, not decoded
  std::string query;  // what follows '?'; may be empty
};

struct AdminResponse {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

using AdminHandler = std::function<AdminResponse(const AdminRequest&)>;

struct AdminLimits {
  size_t request_bytes_max = size_t{64} << 10;                           // of the header, and of the body
  size_t connections_max = 64;                                           // one more is closed at once
  std::chrono::milliseconds request_timeout = std::chrono::seconds(10);  // from a request's first byte to its last
  std::chrono::milliseconds idle_timeout = std::chrono::seconds(120);    // between two requests
  std::chrono::milliseconds write_timeout = std::chrono::seconds(30);
};

struct AdminCounters {
  uint64_t requests = 0;             // answered, whatever the answer
  uint64_t connections_open = 0;     // now
  uint64_t connections_refused = 0;  // over connections_max
  uint64_t timeouts = 0;
};

class AdminServer {
 public:
  explicit AdminServer(AdminLimits limits = {});
  ~AdminServer();
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;

  // Before Start(). A path that ends in '/' answers everything below it too; the longest path wins.
  void AddRoute(std::string path, AdminHandler handler);

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

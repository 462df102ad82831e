// Listener: one listening address. Accepts and hands every socket on to whoever spreads them over the shards. First
// station of the straight line.
//
// Ownership: single-writer: opened, run and closed on the thread that runs the io_context.
//
// When the process is out of file descriptors it pauses and tries again, instead of spinning on a socket that stays
// ready.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace boost::asio {
class io_context;
}

namespace tailrace {

class Listener {
 public:
  // Gets a connected, non-blocking socket and owns it from then on.
  using OnAccept = std::function<void(int fd)>;
  // Told each time that accepting pauses.
  using OnPause = std::function<void()>;

  // Binds and listens; from then on connections are accepted whenever `io` runs. Of a name's addresses the first IPv4
  // one is taken, else the first; an empty host is every address of the machine. Port 0 is any free port. The error
  // names the address and the reason.
  static absl::StatusOr<std::unique_ptr<Listener>> Open(
      boost::asio::io_context& io, const std::string& host, uint16_t port, OnAccept on_accept,
      OnPause on_pause = [] {});
  // Stops accepting. Connections that are waiting in the kernel's queue are reset.
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  uint16_t port() const;
  // "127.0.0.1:4317", "[::]:4317"
  const std::string& address() const;

 private:
  class Impl;
  explicit Listener(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace tailrace

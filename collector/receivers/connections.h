// Connections: all client connections of one shard. Second station of the straight line, behind the Listener that
// accepts and before the Ingest that places: bytes come in, complete requests go to Ingest::Take, answers go out.
// HTTP/2 (gRPC and OTLP/HTTP) and HTTP/1.1 are told apart by the first bytes, on every port.
//
// Ownership: single-writer: every call on the shard's thread, which runs the io_context. The destructor closes what is
// open; handlers that are still queued find a closed connection, so the io_context may be destroyed later.
//
// Limits: those of the Port that a connection came in on; each that cuts something off is counted in ConnectionStats.
#pragma once

#include <cstddef>
#include <memory>

#include "collector/receivers/port.h"

namespace boost::asio {
class io_context;
}

namespace tailrace {

class Clock;
class Ingest;

class Connections {
 public:
  // `io`, `ingest` and `clock` outlive this object.
  Connections(boost::asio::io_context& io, Ingest& ingest, const Clock& clock);
  ~Connections();
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  // Takes over an accepted socket. `port` outlives this object.
  void Adopt(int fd, const Port& port);

  // Any thread.
  size_t size() const;

  // Finish: what is in is answered, no new request is taken (HTTP/2: GOAWAY; HTTP/1.1: Connection: close), idle
  // connections go. size() falls to 0 when the clients let go, or by CloseAll().
  void Drain();
  void CloseAll();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tailrace

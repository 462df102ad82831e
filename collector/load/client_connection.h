// ClientConnection: one connection of the load generator, HTTP/2 (gRPC, OTLP/HTTP) or HTTP/1.1. Takes requests from
// Traffic when it has room, and reports each one's end to it exactly once.
//
// Written straight on a socket, HTTP/2 frames by hand: the generator shares a machine with what it measures, and so has
// to cost far less than a server does. Flow control, SETTINGS, PING and GOAWAY are obeyed; header blocks are inflated
// by nghttp2.
//
// Single-writer: belongs to its load thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "collector/load/load_options.h"
#include "collector/load/traffic.h"

namespace tailrace {

class ClientConnection {
 public:
  virtual ~ClientConnection() = default;

  struct Now {
    int64_t monotonic_ns;
    uint64_t wall_ns;
  };
  // Sends as much as fits. False: broken, see error().
  [[nodiscard]] virtual bool Pump(Now now) = 0;
  [[nodiscard]] virtual bool OnReadable(Now now) = 0;
  // Reports what is under way as lost. Before the destructor, which does not.
  virtual void Abandon(Now now) = 0;

  virtual bool wants_to_write() const = 0;
  virtual size_t in_flight() const = 0;
  // When the oldest request under way was taken; INT64_MAX where none is.
  virtual int64_t oldest_taken_ns() const = 0;
  // The server has answered in the protocol's words, so this is the right kind of server.
  virtual bool greeted() const = 0;
  const std::string& error() const { return error_; }

 protected:
  bool Fail(std::string why) {
    error_ = std::move(why);
    return false;
  }

 private:
  std::string error_;
};

// `fd` is connected and not blocking; it stays the caller's.
std::unique_ptr<ClientConnection> MakeHttp2Client(int fd, const LoadOptions& options, Traffic* traffic);
std::unique_ptr<ClientConnection> MakeHttp1Client(int fd, const LoadOptions& options, Traffic* traffic);

// rejected_spans out of an ExportTraceServiceResponse; 0 where there is none.
uint64_t RejectedSpans(std::string_view response);

}  // namespace tailrace

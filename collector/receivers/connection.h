// Connection: one accepted socket. Reads what is there, lets the session of the protocol that the first bytes name take
// it, sends what the session answers, and ends the connection when a limit, an error or the session says so.
//
// Ownership: single-writer, the shard's thread. Connections holds one reference, each wait in progress another, so that
// a handler always finds its connection alive; after Close() it holds nothing but its own memory.
//
// Invariants:
//  1. At most one wait for reading and one for writing are in progress.
//  2. While something is unsent nothing is read: a client that never reads cannot make memory grow. Nor while the
//     session waits for a check of credentials.
//  3. unsent_ and what is sent are bytes of the wire; under TLS the session's pass through tls_ on their way.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "collector/access/tls_stream.h"
#include "collector/receivers/port.h"
#include "collector/receivers/session.h"

namespace tailrace {

class Connection;
struct ShardReceiver;

// Who keeps the connections.
class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;
  virtual void OnClosed(Connection& connection) = 0;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::io_context& io, ShardReceiver& shard, const Port& port, ConnectionOwner& owner);

  // Takes the socket over. False: it is of no use (and is closed).
  bool Open(int fd);
  void OnTick();
  void Drain();
  // Ends it at once. Not from inside the session.
  void Close();

  size_t index = 0;  // the owner's

 private:
  void WaitRead();
  void WaitWrite();
  void OnReadable();
  void OnWritable();
  void ChooseProtocol(std::string_view bytes);
  void Feed(std::string_view bytes);
  bool FeedTls(std::string_view bytes);
  void FailTls();
  void CountTlsFailure();
  void AwaitCheck(PendingCheck& check);
  void OnChecked();
  void Continue();
  bool Flush();
  bool Send(std::string_view bytes, size_t* sent);
  void Linger();

  // With the executor's own type: the default one costs an indirection for every wait.
  boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> socket_;
  ShardReceiver& shard_;
  const Port& port_;
  std::unique_ptr<TlsStream> tls_;  // null: plain text
  ConnectionOwner& owner_;
  std::unique_ptr<Session> session_;  // none before the protocol is known and while lingering
  std::string first_bytes_;           // until the protocol is known
  std::string unsent_;
  size_t unsent_at_ = 0;
  int64_t opened_ns_;
  int64_t last_sent_ns_ = 0;
  int64_t linger_until_ns_ = 0;
  bool reading_ = false;
  bool writing_ = false;
  bool checking_ = false;     // credentials; nothing is read
  bool tls_counted_ = false;  // how its handshake ended
  bool client_done_ = false;  // the client closed its side
  bool closed_ = false;
};

}  // namespace tailrace

#include "collector/receivers/connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <utility>

#include "collector/access/listener_access.h"
#include "collector/receivers/http1_session.h"
#include "collector/receivers/http2_session.h"
#include "collector/receivers/shard_receiver.h"

namespace tailrace {
namespace {

constexpr std::string_view kHttp2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr size_t kWriteBytes = size_t{64} << 10;
// After the last answer the client gets this long to read it: closing with unread bytes would reset the connection
// under it.
constexpr int64_t kLingerNs = 2'000'000'000;

using boost::asio::posix::descriptor_base;

}  // namespace

Connection::Connection(boost::asio::io_context& io, ShardReceiver& shard, const Port& port, ConnectionOwner& owner)
    : socket_(io), shard_(shard), port_(port), owner_(owner), opened_ns_(shard.now_ns) {}

bool Connection::Open(int fd) {
  boost::system::error_code error;
  socket_.assign(fd, error);
  if (error) {
    ::close(fd);
    return false;
  }
  socket_.native_non_blocking(true, error);
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (error) return false;
  if (port_.access != nullptr && port_.access->tls() != nullptr) {
    tls_ = port_.access->tls()->NewStream();
    if (shard_.plain_buffer == nullptr) {
      shard_.plain_buffer = std::make_unique_for_overwrite<char[]>(ShardReceiver::kPlainBytes);
    }
  }
  WaitRead();
  return true;
}

void Connection::WaitRead() {
  if (reading_ || checking_) return;
  reading_ = true;
  socket_.async_wait(descriptor_base::wait_read, [self = shared_from_this()](const boost::system::error_code& error) {
    self->reading_ = false;
    if (!error && !self->closed_) self->OnReadable();
  });
}

void Connection::WaitWrite() {
  if (writing_) return;
  writing_ = true;
  socket_.async_wait(descriptor_base::wait_write, [self = shared_from_this()](const boost::system::error_code& error) {
    self->writing_ = false;
    if (!error && !self->closed_) self->OnWritable();
  });
}

void Connection::OnReadable() {
  shard_.now_ns = shard_.clock.MonotonicNs();
  const ssize_t size = ::recv(socket_.native_handle(), shard_.read_buffer.get(), ShardReceiver::kReadBytes, 0);
  if (size < 0) {
    if (errno == EAGAIN || errno == EINTR) return WaitRead();
    return Close();
  }
  if (size == 0) {
    client_done_ = true;
    return Continue();
  }
  shard_.stats().wire_bytes_in += static_cast<uint64_t>(size);
  const std::string_view bytes(shard_.read_buffer.get(), static_cast<size_t>(size));
  if (tls_ == nullptr) {
    Feed(bytes);
  } else if (!FeedTls(bytes)) {
    return FailTls();
  }
  Continue();
}

void Connection::OnWritable() {
  shard_.now_ns = shard_.clock.MonotonicNs();
  Continue();
}

void Connection::Feed(std::string_view bytes) {
  if (linger_until_ns_ != 0) return;  // read so that the client can get rid of it; nobody wants it
  if (session_ != nullptr) return session_->OnBytes(bytes);
  ChooseProtocol(bytes);
}

// False: what came is no TLS, or not the client that is wanted.
bool Connection::FeedTls(std::string_view bytes) {
  tls_->Receive(bytes);
  while (true) {
    size_t size = 0;
    const TlsStream::Outcome outcome = tls_->Read(shard_.plain_buffer.get(), ShardReceiver::kPlainBytes, &size);
    if (tls_->established() && !tls_counted_) {
      tls_counted_ = true;
      AccessCounters::Count(port_.access->counters().handshakes_ok);
    }
    switch (outcome) {
      case TlsStream::Outcome::kBytes:
        Feed({shard_.plain_buffer.get(), size});
        break;
      case TlsStream::Outcome::kAll:
        return true;
      case TlsStream::Outcome::kClosed:
        client_done_ = true;
        return true;
      case TlsStream::Outcome::kFailed:
        return false;
    }
  }
}

// The client gets the alert, if there is one to send, and time to read it.
void Connection::FailTls() {
  if (linger_until_ns_ != 0) return Close();
  ++shard_.stats().closed_by_error;
  CountTlsFailure();
  session_.reset();
  if (!Flush() || !unsent_.empty()) return Close();
  Linger();
  tls_.reset();  // what still comes is passed over as it is
  WaitRead();
}

// Once for a connection whose handshake did not come to its end.
void Connection::CountTlsFailure() {
  if (tls_ == nullptr || std::exchange(tls_counted_, true)) return;
  AccessCounters::Count(port_.access->counters().handshakes_failed);
}

void Connection::AwaitCheck(PendingCheck& check) {
  if (std::exchange(checking_, true)) return;
  // Called by another thread: only the post may touch this connection.
  check.WhenDone([executor = socket_.get_executor(), weak = weak_from_this()] {
    boost::asio::post(executor, [weak] {
      if (const std::shared_ptr<Connection> self = weak.lock()) self->OnChecked();
    });
  });
}

void Connection::OnChecked() {
  checking_ = false;
  if (closed_) return;
  shard_.now_ns = shard_.clock.MonotonicNs();
  if (session_ != nullptr) session_->OnChecked();
  Continue();
}

void Connection::ChooseProtocol(std::string_view bytes) {
  if (!first_bytes_.empty()) bytes = first_bytes_.append(bytes);
  if (bytes.substr(0, kHttp2Preface.size()) == kHttp2Preface.substr(0, bytes.size())) {
    if (bytes.size() < kHttp2Preface.size()) {
      if (first_bytes_.empty()) first_bytes_.assign(bytes);
      return;
    }
    session_ = std::make_unique<Http2Session>(shard_, port_);
  } else {
    session_ = std::make_unique<Http1Session>(shard_, port_);
  }
  if (shard_.draining) session_->Drain();
  session_->OnBytes(bytes);
  std::string().swap(first_bytes_);
}

// What follows every event: send what there is, then either wait for what comes next or end.
void Connection::Continue() {
  if (!Flush() || (session_ != nullptr && session_->broken())) return Close();
  if (!unsent_.empty()) return WaitWrite();
  if (port_.access != nullptr && session_ != nullptr) {
    if (const std::shared_ptr<PendingCheck> check = session_->awaited()) return AwaitCheck(*check);
  }
  if (client_done_) return Close();
  if (session_ != nullptr && session_->finished()) Linger();
  WaitRead();
}

// False: the connection is broken.
bool Connection::Flush() {
  while (true) {
    if (!unsent_.empty()) {
      size_t sent = 0;
      if (!Send(std::string_view(unsent_).substr(unsent_at_), &sent)) return false;
      unsent_at_ += sent;
      if (unsent_at_ < unsent_.size()) return true;
      std::string().swap(unsent_);
    }
    if (session_ == nullptr && tls_ == nullptr) return true;
    shard_.output.clear();
    if (session_ != nullptr) session_->Collect(&shard_.output, kWriteBytes);
    std::string& output = tls_ == nullptr ? shard_.output : shard_.records;
    if (tls_ != nullptr) {
      output.clear();
      if (!tls_->Seal(shard_.output, &output)) return false;
    }
    if (output.empty()) return true;
    size_t sent = 0;
    if (!Send(output, &sent)) return false;
    if (sent == output.size()) continue;
    unsent_.assign(output, sent);
    unsent_at_ = 0;
    last_sent_ns_ = shard_.now_ns;
    return true;
  }
}

// False: the connection is broken. Less than `bytes` may be sent, also nothing.
bool Connection::Send(std::string_view bytes, size_t* sent) {
  const ssize_t size = ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (size < 0) return errno == EAGAIN || errno == EINTR;
  *sent = static_cast<size_t>(size);
  if (size > 0) last_sent_ns_ = shard_.now_ns;
  shard_.stats().wire_bytes_out += static_cast<uint64_t>(size);
  return true;
}

void Connection::Linger() {
  session_.reset();
  if (tls_ != nullptr) {
    tls_->Close();
    (void)Flush();  // a few bytes, behind an answer that is sent already
  }
  linger_until_ns_ = shard_.now_ns + kLingerNs;
  ::shutdown(socket_.native_handle(), SHUT_WR);
}

void Connection::OnTick() {
  const int64_t now = shard_.now_ns;
  if (linger_until_ns_ != 0) {
    if (now >= linger_until_ns_) Close();
    return;
  }
  const bool never_spoke = session_ == nullptr && TimedOut(now, opened_ns_, port_.limits.header_timeout);
  const bool never_reads = !unsent_.empty() && TimedOut(now, last_sent_ns_, port_.limits.body_timeout);
  if (never_spoke || never_reads) {
    ++shard_.stats().closed_by_limit;
    if (session_ == nullptr) CountTlsFailure();
    return Close();
  }
  if (session_ == nullptr) return;
  session_->OnTick(now);
  Continue();
}

void Connection::Drain() {
  if (linger_until_ns_ != 0) return;
  if (session_ == nullptr) return Close();
  session_->Drain();
  Continue();
}

void Connection::Close() {
  if (closed_) return;
  closed_ = true;
  session_.reset();
  std::string().swap(unsent_);
  boost::system::error_code error;
  socket_.close(error);
  owner_.OnClosed(*this);
}

}  // namespace tailrace

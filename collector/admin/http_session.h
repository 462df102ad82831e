// Session: one connection of an AdminServer, plain or under TLS. Kept alive by the handler of its one pending
// operation. Internal to admin/; included by http_server.cc only: Beast is a heavy header.
//
// Ownership: single-writer, the server's thread.
#pragma once

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collector/access/listener_access.h"
#include "collector/admin/http_routes.h"

namespace tailrace::admin {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

struct Shared {
  const AdminLimits limits;
  Routes routes;
  SharedCounters counters;
  ListenerAccess* access = nullptr;
  std::shared_ptr<Doorbell> doorbell = std::make_shared<Doorbell>();
};

// Stream: beast::tcp_stream, or Beast's TLS stream over it.
template <class Stream>
class Session : public std::enable_shared_from_this<Session<Stream>> {
 public:
  static constexpr bool kTls = !std::is_same_v<Stream, beast::tcp_stream>;

  // `stream`: what makes the stream.
  template <class... Args>
  explicit Session(Shared& shared, Args&&... stream)
      : stream_(std::forward<Args>(stream)...), timer_(stream_.get_executor()), shared_(shared) {
    Count(counters_.connections_open);
  }
  ~Session() { counters_.connections_open.fetch_sub(1, std::memory_order_relaxed); }

  void Start() {
    if constexpr (kTls) {
      Lowest().expires_after(limits_.request_timeout);
      stream_.async_handshake(asio::ssl::stream_base::server, [self = Self()](error_code error) {
        AccessCounters& access = self->shared_.access->counters();
        AccessCounters::Count(error ? access.handshakes_failed : access.handshakes_ok);
        if (error) return self->Failed(error);
        self->AwaitRequest();
      });
    } else {
      AwaitRequest();
    }
  }

 private:
  auto Self() { return this->shared_from_this(); }
  auto& Lowest() { return beast::get_lowest_layer(stream_); }

  void AwaitRequest() {
    parser_.emplace();
    parser_->header_limit(static_cast<uint32_t>(limits_.request_bytes_max));
    parser_->body_limit(limits_.request_bytes_max);
    if (buffer_.size() > 0) return ReadRequest();
    Lowest().expires_after(limits_.idle_timeout);
    stream_.async_read_some(buffer_.prepare(kReadBytes), [self = Self()](error_code error, size_t bytes) {
      if (error) return self->Failed(error);
      self->buffer_.commit(bytes);
      self->ReadRequest();
    });
  }

  static constexpr size_t kReadBytes = 4096;
  static constexpr size_t kDrainBytesMax = size_t{1} << 20;

  void ReadRequest() {
    Lowest().expires_after(limits_.request_timeout);
    http::async_read_header(stream_, buffer_, *parser_, [self = Self()](error_code error, size_t) {
      if (error) return self->NotRead(error);
      // No route wants a body, and Beast takes one with a coding that it does not know for none at all: what follows
      // would then be read as a request.
      const auto& fields = self->parser_->get().base();
      if (fields.find(http::field::transfer_encoding) != fields.end()) {
        return self->Refuse(411, "a request's body has to say its length\n");
      }
      if (self->shared_.access == nullptr) return self->ReadBody();
      self->Admit();
    });
  }

  void Admit() {
    Credentials credentials;
    for (const auto& field : parser_->get().base()) {
      const auto name = field.name_string();
      const auto value = field.value();
      if (shared_.access->IsCredential({name.data(), name.size()})) credentials.Add({value.data(), value.size()});
    }
    const AuthVerdict verdict = shared_.access->Judge(credentials);
    if (verdict.outcome != AuthOutcome::kPending) return Judged(verdict);
    // The timer keeps this object alive; the other thread must not.
    timer_.expires_after(limits_.request_timeout);
    timer_.async_wait([self = Self()](error_code error) {
      if (!error) Count(self->counters_.timeouts);
    });
    verdict.check->WhenDone([doorbell = shared_.doorbell, weak = this->weak_from_this(), check = verdict.check] {
      doorbell->Post([weak, check] {
        const auto self = weak.lock();
        if (self == nullptr || self->timer_.cancel() == 0) return;  // too late
        self->Judged(self->shared_.access->Judged(check->verdict()));
      });
    });
  }

  void Judged(const AuthVerdict& verdict) {
    if (verdict.outcome == AuthOutcome::kAllowed) return ReadBody();
    const bool busy = verdict.outcome == AuthOutcome::kBusy;
    Refuse(busy ? 503 : 401, absl::StrCat(absl::string_view(verdict.text.data(), verdict.text.size()), "\n"));
  }

  void ReadBody() {
    Lowest().expires_after(limits_.request_timeout);
    http::async_read(stream_, buffer_, *parser_, [self = Self()](error_code error, size_t) {
      if (error) return self->NotRead(error);
      self->Answer();
    });
  }

  void NotRead(error_code error) {
    if (error == http::error::body_limit) return Refuse(413, "the request is too large\n");
    if (error == http::error::header_limit) return Refuse(431, "the request's header is too large\n");
    const bool gone = error == http::error::end_of_stream || error == http::error::partial_message;
    if (!gone && error.category() == http::make_error_code(http::error::bad_method).category()) {
      return Refuse(400, "this is no HTTP/1.1 request\n");
    }
    Failed(error);
  }

  void Answer() {
    const auto& message = parser_->get();
    const std::string target(message.target());
    const size_t mark = std::min(target.find('?'), target.size());
    AdminRequest request{.path = target.substr(0, mark)};
    if (mark < target.size()) request.query = target.substr(mark + 1);
    Send(routes_.Answer(message.method(), request), message.method() == http::verb::head, message.keep_alive());
  }

  void Refuse(unsigned status, std::string why) { Send({.status = status, .body = std::move(why)}, false, false); }

  void Send(AdminResponse answer, bool head_only, bool keep_alive) {
    response_ = {};
    response_.result(answer.status);
    response_.set(http::field::content_type, answer.content_type);
    response_.set(http::field::cache_control, "no-store");
    response_.set("X-Content-Type-Options", "nosniff");
    if (answer.status == 401) {
      response_.set(http::field::www_authenticate, shared_.access->authenticator()->challenge());
    }
    if (answer.status == 503 && shared_.access != nullptr) response_.set(http::field::retry_after, "1");
    if (answer.status == 405) response_.set(http::field::allow, "GET, HEAD");
    response_.keep_alive(keep_alive);
    response_.content_length(answer.body.size());
    if (!head_only) response_.body() = std::move(answer.body);
    Count(counters_.requests);
    serializer_.emplace(response_);
    Lowest().expires_after(limits_.write_timeout);
    http::async_write(stream_, *serializer_, [self = Self(), keep_alive](error_code error, size_t) {
      if (error) return self->Failed(error);
      if (keep_alive) return self->AwaitRequest();
      self->Close();
    });
  }

  // Closing with unread bytes would reset the connection and take the answer with it: what the client still sends is
  // read and thrown away, for a while.
  void Close() {
    Lowest().expires_after(std::min<std::chrono::milliseconds>(limits_.request_timeout, std::chrono::seconds(2)));
    buffer_.clear();
    if constexpr (kTls) {
      stream_.async_shutdown([self = Self()](error_code) {});
    } else {
      error_code ignored;
      stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
      Drain(0);
    }
  }

  void Drain(size_t drained) {
    if (drained > kDrainBytesMax) return;
    stream_.async_read_some(buffer_.prepare(kReadBytes), [self = Self(), drained](error_code error, size_t n) {
      if (!error) self->Drain(drained + n);
    });
  }

  void Failed(error_code error) {
    if (error == beast::error::timeout) Count(counters_.timeouts);
  }

  Stream stream_;
  asio::steady_timer timer_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
  std::optional<http::response_serializer<http::string_body>> serializer_;
  Shared& shared_;
  const AdminLimits& limits_ = shared_.limits;
  const Routes& routes_ = shared_.routes;
  SharedCounters& counters_ = shared_.counters;
};

}  // namespace tailrace::admin

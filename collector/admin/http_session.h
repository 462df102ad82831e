// Session: one connection of an AdminServer, plain or under TLS. Kept alive by the handler of its one pending
// operation. Internal to admin/; included by http_server.cc only: Beast is a heavy header.
//
// Ownership: single-writer, the server's thread.
#pragma once

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "collector/access/listener_access.h"
#include "collector/admin/http_shared.h"

namespace tailrace::admin {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

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
  ~Session() {
    shared_.answer_bytes -= answer_bytes_;
    counters_.connections_open.fetch_sub(1, std::memory_order_relaxed);
  }

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
  static constexpr auto kWorkStep = std::chrono::milliseconds(100);

  void ReadRequest() {
    Lowest().expires_after(limits_.request_timeout);
    http::async_read_header(stream_, buffer_, *parser_, [self = Self()](error_code error, size_t) {
      if (error) return self->NotRead(error);
      // Beast takes a body with a coding that it does not know for none at all: what follows would then be read as a
      // request.
      const auto& fields = self->parser_->get().base();
      if (fields.find(http::field::transfer_encoding) != fields.end()) {
        return self->Refuse(411, "a request's body has to say its length");
      }
      if (const std::optional<std::string> why = self->Forbidden(); why.has_value()) return self->Refuse(403, *why);
      if (self->shared_.access == nullptr) return self->ReadBody();
      self->Admit();
    });
  }

  std::string_view Field(std::string_view name) const {
    const auto value = parser_->get()[{name.data(), name.size()}];
    return {value.data(), value.size()};
  }

  std::string Path() const {
    const auto target = parser_->get().target();
    return std::string(target.substr(0, target.find('?')));
  }

  std::optional<std::string> Forbidden() const {
    if (!shared_.browser_rules.has_value()) return std::nullopt;
    return shared_.browser_rules->Refusal(Path(), Field("Host"), Field("Sec-Fetch-Site"));
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
    Refuse(busy ? 503 : 401, verdict.text);
  }

  void ReadBody() {
    Lowest().expires_after(limits_.request_timeout);
    http::async_read(stream_, buffer_, *parser_, [self = Self()](error_code error, size_t) {
      if (error) return self->NotRead(error);
      self->Answer();
    });
  }

  void NotRead(error_code error) {
    if (error == http::error::body_limit) return Refuse(413, "the request is too large");
    if (error == http::error::header_limit) return Refuse(431, "the request's header is too large");
    const bool gone = error == http::error::end_of_stream || error == http::error::partial_message;
    if (!gone && error.category() == http::make_error_code(http::error::bad_method).category()) {
      return Refuse(400, "this is no HTTP/1.1 request");
    }
    Failed(error);
  }

  void Answer() {
    AdminRequest request{.path = Path(),
                         .if_none_match = std::string(Field("If-None-Match")),
                         .accept = std::string(Field("Accept")),
                         .accept_encoding = std::string(Field("Accept-Encoding"))};
    const auto target = parser_->get().target();
    if (request.path.size() < target.size()) request.query = std::string(target.substr(request.path.size() + 1));
    request.body = std::move(parser_->get().body());
    const auto method = parser_->get().method_string();
    AdminResponse error;
    const AdminRoute* route = shared_.routes.Find({method.data(), method.size()}, &request, &error);
    if (route == nullptr) return Send(std::move(error));
    if (!route->is_costly) return Send(Routes::Answer(*route, request));
    if (shared_.costly_waiting >= limits_.costly_waiting_max) {
      Count(counters_.requests_turned_away);
      return Send(ErrorAnswer(request.path, 429, "too many requests of this kind at a time: try again in a second"));
    }
    // Behind what has arrived meanwhile, so that requests that cost nothing need not wait for all that do.
    ++shared_.costly_waiting;
    asio::post(stream_.get_executor(), [self = Self(), route, request = std::move(request)] {
      --self->shared_.costly_waiting;
      self->Send(Routes::Answer(*route, request));
    });
  }

  // Ends the connection, too.
  void Refuse(unsigned status, std::string_view why) {
    keep_alive_ = false;
    Send(ErrorAnswer(parser_->is_header_done() ? Path() : std::string(), status, why));
  }

  void Send(AdminResponse answer) {
    if (answer.work != nullptr) return Work(std::move(answer.work));
    const auto& request = parser_->get();
    const bool keep_alive = std::exchange(keep_alive_, true) && request.keep_alive();
    const bool head_only = request.method() == http::verb::head;
    if (shared_.answer_bytes > 0 && shared_.answer_bytes + answer.body.size() > limits_.answer_bytes_max) {
      Count(counters_.requests_turned_away);
      answer = ErrorAnswer(Path(), 503, "too many answers wait for their readers");
    }
    response_ = {};
    response_.result(answer.status);
    response_.set(http::field::content_type, answer.content_type);
    response_.set(http::field::cache_control, "no-store");
    response_.set("X-Content-Type-Options", "nosniff");
    if (shared_.browser_rules.has_value()) {
      for (const auto& [name, value] : shared_.browser_rules->headers) response_.set(name, value);
    }
    for (const auto& [name, value] : answer.headers) response_.set(name, value);
    if (answer.status == 401) {
      response_.set(http::field::www_authenticate, shared_.access->authenticator()->challenge());
    }
    const bool come_back = answer.status == 429 || (answer.status == 503 && shared_.access != nullptr);
    if (come_back) response_.set(http::field::retry_after, "1");
    response_.keep_alive(keep_alive);
    if (answer.status != 304) response_.content_length(answer.body.size());  // there it would be that of a 200
    if (!head_only) response_.body() = std::move(answer.body);
    answer_bytes_ = response_.body().size();
    shared_.answer_bytes += answer_bytes_;
    Count(counters_.requests);
    serializer_.emplace(response_);
    Lowest().expires_after(limits_.write_timeout);
    http::async_write(stream_, *serializer_, [self = Self(), keep_alive](error_code error, size_t) {
      self->shared_.answer_bytes -= std::exchange(self->answer_bytes_, 0);
      if (error) return self->Failed(error);
      if (keep_alive) return self->AwaitRequest();
      self->Close();
    });
  }

  // Nothing is read meanwhile: what the client sends next waits for its turn.
  void Work(std::shared_ptr<AdminWork> work) {
    Lowest().expires_never();
    timer_.expires_after(kWorkStep);
    timer_.async_wait([self = Self(), work = std::move(work)](error_code error) mutable {
      if (error || self->HasHungUp()) return;
      std::optional<AdminResponse> answer = Routes::Step(*work, self->Path());
      if (!answer.has_value()) return self->Work(std::move(work));
      work.reset();
      self->Send(*std::move(answer));
    });
  }

  bool HasHungUp() {
    tcp_info info = {};
    socklen_t size = sizeof(info);
    const int socket = Lowest().socket().native_handle();
    return getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 && info.tcpi_state != TCP_ESTABLISHED;
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
  bool keep_alive_ = true;   // false: the answer to the request at hand is the connection's last
  size_t answer_bytes_ = 0;  // of this connection, in shared_.answer_bytes
  Shared& shared_;
  const AdminLimits& limits_ = shared_.limits;
  SharedCounters& counters_ = shared_.counters;
};

}  // namespace tailrace::admin

#include "collector/admin/http_server.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <map>
#include <optional>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace tailrace {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

// What the server's thread and those who read the counters share. Relaxed everywhere: each is a number for people,
// nothing is published through it.
struct SharedCounters {
  std::atomic<uint64_t> requests{0};
  std::atomic<uint64_t> connections_open{0};
  std::atomic<uint64_t> connections_refused{0};
  std::atomic<uint64_t> timeouts{0};
};

void Count(std::atomic<uint64_t>& counter) { counter.fetch_add(1, std::memory_order_relaxed); }

class Routes {
 public:
  void Add(std::string path, AdminHandler handler) { handlers_[std::move(path)] = std::move(handler); }

  AdminResponse Answer(http::verb method, const AdminRequest& request) const {
    const AdminHandler* handler = Find(request.path);
    if (handler == nullptr) return {.status = 404, .body = "no such path\n"};
    if (method != http::verb::get && method != http::verb::head) return {.status = 405, .body = "use GET or HEAD\n"};
    try {
      return (*handler)(request);
    } catch (const std::exception& error) {
      return {.status = 500, .body = absl::StrCat("this page could not be made: ", error.what(), "\n")};
    }
  }

 private:
  const AdminHandler* Find(const std::string& path) const {
    if (auto exact = handlers_.find(path); exact != handlers_.end()) return &exact->second;
    const AdminHandler* best = nullptr;
    size_t best_length = 0;
    for (const auto& [prefix, handler] : handlers_) {
      if (!prefix.ends_with('/') || !path.starts_with(prefix) || prefix.size() <= best_length) continue;
      best = &handler;
      best_length = prefix.size();
    }
    return best;
  }

  std::map<std::string, AdminHandler> handlers_;
};

// One connection. Kept alive by the handler of its one pending operation; single-writer (the server's thread).
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, const AdminLimits& limits, const Routes& routes, SharedCounters& counters)
      : stream_(std::move(socket)), limits_(limits), routes_(routes), counters_(counters) {
    Count(counters_.connections_open);
  }
  ~Session() { counters_.connections_open.fetch_sub(1, std::memory_order_relaxed); }

  void AwaitRequest() {
    parser_.emplace();
    parser_->header_limit(static_cast<uint32_t>(limits_.request_bytes_max));
    parser_->body_limit(limits_.request_bytes_max);
    if (buffer_.size() > 0) return ReadRequest();
    stream_.expires_after(limits_.idle_timeout);
    stream_.async_read_some(buffer_.prepare(kReadBytes), [self = shared_from_this()](error_code error, size_t bytes) {
      if (error) return self->Failed(error);
      self->buffer_.commit(bytes);
      self->ReadRequest();
    });
  }

 private:
  static constexpr size_t kReadBytes = 4096;
  static constexpr size_t kDrainBytesMax = size_t{1} << 20;

  void ReadRequest() {
    stream_.expires_after(limits_.request_timeout);
    http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](error_code error, size_t) {
      if (!error) return self->Answer();
      if (error == http::error::body_limit) return self->Refuse(413, "the request is too large\n");
      if (error == http::error::header_limit) return self->Refuse(431, "the request's header is too large\n");
      const bool gone = error == http::error::end_of_stream || error == http::error::partial_message;
      if (!gone && error.category() == http::make_error_code(http::error::bad_method).category()) {
        return self->Refuse(400, "this is no HTTP/1.1 request\n");
      }
      self->Failed(error);
    });
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
    if (answer.status == 405) response_.set(http::field::allow, "GET, HEAD");
    response_.keep_alive(keep_alive);
    response_.content_length(answer.body.size());
    if (!head_only) response_.body() = std::move(answer.body);
    Count(counters_.requests);
    serializer_.emplace(response_);
    stream_.expires_after(limits_.write_timeout);
    http::async_write(stream_, *serializer_, [self = shared_from_this(), keep_alive](error_code error, size_t) {
      if (error) return self->Failed(error);
      if (keep_alive) return self->AwaitRequest();
      self->Close();
    });
  }

  // Closing with unread bytes would reset the connection and take the answer with it: what the client still sends is
  // read and thrown away, for a while.
  void Close() {
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.expires_after(std::min<std::chrono::milliseconds>(limits_.request_timeout, std::chrono::seconds(2)));
    buffer_.clear();
    Drain(0);
  }

  void Drain(size_t drained) {
    if (drained > kDrainBytesMax) return;
    stream_.async_read_some(buffer_.prepare(kReadBytes),
                            [self = shared_from_this(), drained](error_code error, size_t n) {
                              if (!error) self->Drain(drained + n);
                            });
  }

  void Failed(error_code error) {
    if (error == beast::error::timeout) Count(counters_.timeouts);
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
  std::optional<http::response_serializer<http::string_body>> serializer_;
  const AdminLimits& limits_;
  const Routes& routes_;
  SharedCounters& counters_;
};

// The address to bind: IPv4 first, so that "localhost" means what it means to the Collector.
absl::StatusOr<tcp::endpoint> Resolve(asio::io_context& io, const std::string& host, uint16_t port) {
  error_code error;
  if (host.empty()) return tcp::endpoint(tcp::v4(), port);
  if (const asio::ip::address address = asio::ip::make_address(host, error); !error)
    return tcp::endpoint(address, port);
  const auto found = tcp::resolver(io).resolve(host, std::to_string(port), tcp::resolver::passive, error);
  if (error || found.empty())
    return absl::InvalidArgumentError(absl::StrCat("cannot resolve '", host, "': ", error.message()));
  for (const auto& entry : found) {
    if (entry.endpoint().address().is_v4()) return entry.endpoint();
  }
  return found.begin()->endpoint();
}

}  // namespace

struct AdminServer::Impl {
  explicit Impl(AdminLimits l) : limits(l) {}

  void Accept() {
    acceptor->async_accept([this](error_code error, tcp::socket socket) {
      if (error) {
        // Out of descriptors, most likely: a moment's wait keeps the thread from spinning.
        retry->expires_after(std::chrono::milliseconds(100));
        retry->async_wait([this](error_code stopped) {
          if (!stopped) Accept();
        });
        return;
      }
      if (counters.connections_open.load(std::memory_order_relaxed) >= limits.connections_max) {
        Count(counters.connections_refused);
      } else {
        std::make_shared<Session>(std::move(socket), limits, routes, counters)->AwaitRequest();
      }
      Accept();
    });
  }

  const AdminLimits limits;
  Routes routes;
  SharedCounters counters;
  // Set by Start(), taken down by Stop() in the reverse order; sessions live in io's handlers.
  std::unique_ptr<asio::io_context> io;
  std::optional<tcp::acceptor> acceptor;
  std::optional<asio::steady_timer> retry;
  std::thread thread;
};

AdminServer::AdminServer(AdminLimits limits) : impl_(std::make_unique<Impl>(limits)) {}

AdminServer::~AdminServer() { Stop(); }

void AdminServer::AddRoute(std::string path, AdminHandler handler) {
  impl_->routes.Add(std::move(path), std::move(handler));
}

absl::StatusOr<uint16_t> AdminServer::Start(const std::string& host, uint16_t port) {
  Impl& s = *impl_;
  s.io = std::make_unique<asio::io_context>(1);
  absl::StatusOr<tcp::endpoint> endpoint = Resolve(*s.io, host, port);
  if (!endpoint.ok()) return endpoint.status();
  s.acceptor.emplace(*s.io);
  s.retry.emplace(*s.io);
  error_code error;
  s.acceptor->open(endpoint->protocol(), error);
  if (!error) s.acceptor->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) s.acceptor->bind(*endpoint, error);
  if (!error) s.acceptor->listen(asio::socket_base::max_listen_connections, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot listen on ", host, ":", port, ": ", error.message()));
  const uint16_t bound = s.acceptor->local_endpoint(error).port();
  s.Accept();
  s.thread = std::thread([io = s.io.get()] { io->run(); });
  return bound;
}

void AdminServer::Stop() {
  Impl& s = *impl_;
  if (s.io == nullptr) return;
  s.io->stop();
  if (s.thread.joinable()) s.thread.join();
  s.retry.reset();
  s.acceptor.reset();
  s.io.reset();
}

AdminCounters AdminServer::counters() const {
  const SharedCounters& c = impl_->counters;
  constexpr auto kRelaxed = std::memory_order_relaxed;
  return {.requests = c.requests.load(kRelaxed),
          .connections_open = c.connections_open.load(kRelaxed),
          .connections_refused = c.connections_refused.load(kRelaxed),
          .timeouts = c.timeouts.load(kRelaxed)};
}

}  // namespace tailrace

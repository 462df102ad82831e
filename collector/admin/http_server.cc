#include "collector/admin/http_server.h"

#include <openssl/ssl.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <optional>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/thread_name.h"
#include "collector/admin/http_session.h"

namespace tailrace {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

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

struct AdminServer::Impl : admin::Shared {
  explicit Impl(AdminLimits l) : Shared{.limits = l} {}

  void Take(tcp::socket socket) {
    // An answer goes out in several writes under TLS: none of them should wait for the client's acknowledgement.
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    if (access == nullptr || access->tls() == nullptr) {
      std::make_shared<admin::Session<beast::tcp_stream>>(*this, std::move(socket))->Start();
      return;
    }
    const std::shared_ptr<SSL_CTX> context = access->tls()->context();
    SSL_CTX_up_ref(context.get());  // Asio's wrapper gives one back
    asio::ssl::context wrapped(context.get());
    std::make_shared<admin::Session<beast::ssl_stream<beast::tcp_stream>>>(*this, std::move(socket), wrapped)->Start();
  }

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
        admin::Count(counters.connections_refused);
      } else {
        Take(std::move(socket));
      }
      Accept();
    });
  }

  // Set by Start(), taken down by Stop() in the reverse order; sessions live in io's handlers.
  std::unique_ptr<asio::io_context> io;
  std::optional<tcp::acceptor> acceptor;
  std::optional<asio::steady_timer> retry;
  std::thread thread;
};

AdminServer::AdminServer(AdminLimits limits) : impl_(std::make_unique<Impl>(limits)) {}

AdminServer::~AdminServer() { Stop(); }

void AdminServer::AddRoute(AdminRoute route) { impl_->routes.Add(std::move(route)); }

void AdminServer::SetBrowserRules(BrowserRules rules) { impl_->browser_rules = std::move(rules); }

void AdminServer::SetAccess(ListenerAccess* access) { impl_->access = access; }

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
  s.doorbell->Open(s.io.get());
  s.Accept();
  s.thread = std::thread([io = s.io.get(), bound] {
    NameThisThread(absl::StrCat("admin-", bound));
    io->run();
  });
  return bound;
}

void AdminServer::Stop() {
  Impl& s = *impl_;
  if (s.io == nullptr) return;
  s.doorbell->Close();
  s.io->stop();
  if (s.thread.joinable()) s.thread.join();
  s.retry.reset();
  s.acceptor.reset();
  s.io.reset();
}

AdminCounters AdminServer::counters() const {
  const admin::SharedCounters& c = impl_->counters;
  constexpr auto kRelaxed = std::memory_order_relaxed;
  return {.requests = c.requests.load(kRelaxed),
          .connections_open = c.connections_open.load(kRelaxed),
          .connections_refused = c.connections_refused.load(kRelaxed),
          .requests_turned_away = c.requests_turned_away.load(kRelaxed),
          .timeouts = c.timeouts.load(kRelaxed)};
}

}  // namespace tailrace

#include "collector/receivers/listener.h"

#include <absl/status/status.h>
#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <chrono>
#include <utility>

namespace tailrace {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr int kBacklog = 1024;
constexpr int kAcceptsAtOnce = 64;  // then others on the thread get their turn
constexpr auto kPauseWithoutDescriptors = std::chrono::milliseconds(100);

std::string Show(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return endpoint.address().is_v6() ? absl::StrCat("[", address, "]:", endpoint.port())
                                    : absl::StrCat(address, ":", endpoint.port());
}

absl::Status Refused(const std::string& address, const error_code& error) {
  const std::string text = absl::StrCat("cannot listen on ", address, ": ", absl::AsciiStrToLower(error.message()));
  return error == boost::asio::error::address_in_use ? absl::AlreadyExistsError(text) : absl::UnavailableError(text);
}

absl::StatusOr<tcp::endpoint> Resolve(boost::asio::io_context& io, const std::string& host, uint16_t port) {
  if (host.empty()) return tcp::endpoint(tcp::v6(), port);
  error_code error;
  const auto literal = boost::asio::ip::make_address(host, error);
  if (!error) return tcp::endpoint(literal, port);
  tcp::resolver resolver(io);
  const auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive, error);
  if (error || found.empty()) return Refused(absl::StrCat(host, ":", port), error);
  const auto v4 =
      std::find_if(found.begin(), found.end(), [](const auto& e) { return e.endpoint().address().is_v4(); });
  return (v4 == found.end() ? found.begin() : v4)->endpoint();
}

// On IPv6's 'every address' IPv4 is taken in too, as users of the Collector expect.
error_code Bind(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && endpoint.address().is_v6()) acceptor.set_option(boost::asio::ip::v6_only(false), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(kBacklog, error);
  if (!error) acceptor.native_non_blocking(true, error);
  return error;
}

}  // namespace

// Shared with the handlers that are queued, so that a Listener may go at any time.
class Listener::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(boost::asio::io_context& io, OnAccept on_accept, OnPause on_pause)
      : acceptor_(io), timer_(io), on_accept_(std::move(on_accept)), on_pause_(std::move(on_pause)) {}

  absl::Status Open(const std::string& host, tcp::endpoint endpoint) {
    error_code error = Bind(acceptor_, endpoint);
    if (error && host.empty()) {  // a machine without IPv6
      acceptor_.close();
      endpoint = tcp::endpoint(tcp::v4(), endpoint.port());
      error = Bind(acceptor_, endpoint);
    }
    if (error) return Refused(Show(endpoint), error);
    bound_ = acceptor_.local_endpoint(error);
    if (error) return Refused(Show(endpoint), error);
    address_ = Show(bound_);
    Wait();
    return absl::OkStatus();
  }

  void Close() {
    error_code error;
    acceptor_.close(error);
    timer_.cancel();
  }

  uint16_t port() const { return bound_.port(); }
  const std::string& address() const { return address_; }

 private:
  void Wait() {
    acceptor_.async_wait(tcp::acceptor::wait_read, [self = shared_from_this()](const error_code& error) {
      if (!error) self->AcceptAll();
    });
  }

  void AcceptAll() {
    for (int i = 0; i < kAcceptsAtOnce && acceptor_.is_open(); ++i) {
      const int fd = ::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd >= 0) {
        on_accept_(fd);
        continue;
      }
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) return Pause();
      if (errno == EAGAIN) break;  // anything else is one broken connection (accept(2)): go on with the next
    }
    if (acceptor_.is_open()) Wait();
  }

  void Pause() {
    on_pause_();
    timer_.expires_after(kPauseWithoutDescriptors);
    timer_.async_wait([self = shared_from_this()](const error_code& error) {
      if (!error && self->acceptor_.is_open()) self->AcceptAll();
    });
  }

  tcp::acceptor acceptor_;
  boost::asio::steady_timer timer_;
  OnAccept on_accept_;
  OnPause on_pause_;
  tcp::endpoint bound_;
  std::string address_;
};

absl::StatusOr<std::unique_ptr<Listener>> Listener::Open(boost::asio::io_context& io, const std::string& host,
                                                         uint16_t port, OnAccept on_accept, OnPause on_pause) {
  const absl::StatusOr<tcp::endpoint> endpoint = Resolve(io, host, port);
  if (!endpoint.ok()) return endpoint.status();
  auto impl = std::make_shared<Impl>(io, std::move(on_accept), std::move(on_pause));
  if (absl::Status status = impl->Open(host, *endpoint); !status.ok()) return status;
  return std::unique_ptr<Listener>(new Listener(std::move(impl)));
}

Listener::Listener(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Listener::~Listener() { impl_->Close(); }
uint16_t Listener::port() const { return impl_->port(); }
const std::string& Listener::address() const { return impl_->address(); }

}  // namespace tailrace

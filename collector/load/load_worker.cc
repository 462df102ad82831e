#include "collector/load/load_worker.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace tailrace {
namespace {

constexpr int64_t kSecondNs = 1'000'000'000;
constexpr int64_t kReopenNs = kSecondNs / 5;
constexpr int64_t kGiveUpNs = 10 * kSecondNs;       // without any connection
constexpr int64_t kGreetingNs = 10 * kSecondNs;     // for the first HTTP/2 SETTINGS
constexpr int64_t kLastAnswersNs = 10 * kSecondNs;  // after the last request
constexpr int kConnectTimeoutS = 5;

// A connected, non-blocking socket, or why there is none. Blocks while connecting.
absl::StatusOr<int> Connect(const std::string& host, const std::string& port) {
  const std::string name = host + ":" + port;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host.c_str(), port.c_str(), &hints, &found); error != 0) {
    return absl::UnavailableError(absl::StrCat("cannot find ", name, ": ", gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, freeaddrinfo);
  int error = 0;
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    const int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return absl::InternalError(absl::StrCat("socket: ", std::strerror(errno)));
    const timeval timeout{.tv_sec = kConnectTimeoutS, .tv_usec = 0};  // SO_SNDTIMEO bounds connect() too
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
    if (connect(fd, address->ai_addr, address->ai_addrlen) == 0) {
      const int on = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
      return fd;  // every read and write on it says MSG_DONTWAIT
    }
    error = errno;
    close(fd);
  }
  return absl::UnavailableError(absl::StrCat("cannot connect to ", name, ": ", std::strerror(error)));
}

}  // namespace

LoadWorker::LoadWorker(const LoadOptions& options, uint32_t thread, const Clock* clock)
    : options_(options),
      thread_(thread),
      clock_(clock),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      connections_(options.connections) {}

LoadWorker::~LoadWorker() {
  for (Connection& connection : connections_) {
    if (connection.fd >= 0) close(connection.fd);
  }
  if (epoll_ >= 0) close(epoll_);
}

absl::Status LoadWorker::Start() {
  if (epoll_ < 0) return absl::InternalError("epoll_create1 failed");
  absl::StatusOr<std::unique_ptr<Traffic>> traffic =
      Traffic::Make(options_, thread_, static_cast<uint64_t>(clock_->WallNs()), &counters_);
  if (!traffic.ok()) return traffic.status();
  traffic_ = *std::move(traffic);
  return Open(&connections_.front());
}

absl::Status LoadWorker::Open(Connection* connection) {
  absl::StatusOr<int> fd = Connect(options_.host, options_.port);
  if (!fd.ok()) return fd.status();
  connection->fd = *fd;
  connection->opened_ns = clock_->MonotonicNs();
  connection->client = options_.protocol == LoadProtocol::kHttp1 ? MakeHttp1Client(*fd, options_, traffic_.get())
                                                                 : MakeHttp2Client(*fd, options_, traffic_.get());
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = connection;
  connection->writable_wanted = false;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, *fd, &event) != 0) return absl::InternalError("epoll_ctl failed");
  return absl::OkStatus();
}

void LoadWorker::Close(Connection* connection, const std::string& why) {
  last_error_ = why;
  counters_.connection_errors.Add();
  connection->client->Abandon(Now());
  connection->client.reset();
  close(connection->fd);  // takes it out of epoll too
  connection->fd = -1;
  connection->retry_at_ns = clock_->MonotonicNs() + kReopenNs;
}

// False where no connection at all is open.
bool LoadWorker::ReopenBroken(int64_t now_ns) {
  bool any = false;
  for (Connection& connection : connections_) {
    if (!connection.client && now_ns >= connection.retry_at_ns) {
      if (absl::Status status = Open(&connection); !status.ok()) {
        last_error_ = std::string(status.message());
        connection.retry_at_ns = clock_->MonotonicNs() + kReopenNs;
      }
    }
    any |= connection.client != nullptr;
  }
  return any;
}

void LoadWorker::CloseOverdue(int64_t now_ns) {
  const int64_t timeout_ns = static_cast<int64_t>(options_.timeout_s * kSecondNs);
  for (Connection& connection : connections_) {
    if (!connection.client) continue;
    const int64_t oldest_ns = connection.client->oldest_taken_ns();
    if (oldest_ns != INT64_MAX && now_ns - oldest_ns > timeout_ns) {
      Close(&connection, "no answer within the time-out");
    } else if (options_.protocol != LoadProtocol::kHttp1 && !connection.client->greeted() &&
               now_ns - connection.opened_ns > kGreetingNs) {
      Close(&connection, "the server does not speak HTTP/2");
    }
  }
}

void LoadWorker::Watch(Connection* connection) {
  const bool wanted = connection->client->wants_to_write();
  if (wanted == connection->writable_wanted) return;
  epoll_event event{};
  event.events = EPOLLIN | (wanted ? EPOLLOUT : 0u);
  event.data.ptr = connection;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, connection->fd, &event);
  connection->writable_wanted = wanted;
}

void LoadWorker::PumpAll() {
  for (Connection& connection : connections_) {
    if (!connection.client) continue;
    if (!connection.client->Pump(Now())) {
      Close(&connection, connection.client->error());
    } else {
      Watch(&connection);
    }
  }
}

size_t LoadWorker::InFlight() const {
  size_t sum = 0;
  for (const Connection& connection : connections_) sum += connection.client ? connection.client->in_flight() : 0;
  return sum;
}

// With a rate the next request may be due at any time, so the loop looks every millisecond.
int LoadWorker::WaitMs() const { return options_.rate > 0 || options_.retry_s > 0 ? 1 : 50; }

absl::Status LoadWorker::Run() {
  const int64_t start_ns = clock_->MonotonicNs();
  const int64_t end_ns =
      options_.duration_s > 0 ? start_ns + static_cast<int64_t>(options_.duration_s * kSecondNs) : INT64_MAX;
  int64_t connected_ns = start_ns, looked_ns = 0, sent_all_ns = 0;
  bool ending = false;
  for (;;) {
    const int64_t now_ns = clock_->MonotonicNs();
    if (!ending && (now_ns >= end_ns || stop_.load(std::memory_order_relaxed))) {
      ending = true;
      traffic_->EndAfterThisGroup();
    }
    if (now_ns - looked_ns > kReopenNs / 2) {
      looked_ns = now_ns;
      CloseOverdue(now_ns);
      if (ReopenBroken(now_ns)) connected_ns = now_ns;
      if (now_ns - connected_ns > kGiveUpNs) return absl::UnavailableError(absl::StrCat("gave up: ", last_error_));
    }
    PumpAll();
    if (traffic_->finished()) {
      if (sent_all_ns == 0) sent_all_ns = now_ns;
      if (InFlight() == 0 || now_ns - sent_all_ns > kLastAnswersNs) break;
    }
    std::array<epoll_event, 64> events;
    const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), WaitMs());
    for (int i = 0; i < count; ++i) {
      Connection* connection = static_cast<Connection*>(events[static_cast<size_t>(i)].data.ptr);
      if (!connection->client || (events[static_cast<size_t>(i)].events & ~EPOLLOUT) == 0) continue;
      if (!connection->client->OnReadable(Now())) Close(connection, connection->client->error());
    }
  }
  for (Connection& connection : connections_) {
    if (connection.client) connection.client->Abandon(Now());
  }
  if (counters_.acknowledged_requests.value() + counters_.refused_requests.value() +
              counters_.failed_requests.value() ==
          0 &&
      counters_.requests.value() + counters_.connection_errors.value() > 0) {
    return absl::UnavailableError(absl::StrCat("the server answered nothing: ", last_error_));
  }
  return absl::OkStatus();
}

}  // namespace tailrace

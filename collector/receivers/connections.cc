#include "collector/receivers/connections.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "collector/receivers/connection.h"
#include "collector/receivers/shard_receiver.h"

namespace tailrace {
namespace {

constexpr std::chrono::nanoseconds kTickMin = std::chrono::milliseconds(5);
constexpr std::chrono::nanoseconds kTickMax = std::chrono::seconds(1);
constexpr int kTicksInTimeout = 8;  // a time-out is noticed at most an eighth of itself late

}  // namespace

class Connections::Impl final : public ConnectionOwner {
 public:
  Impl(boost::asio::io_context& io, Ingest& ingest, const Clock& clock) : io_(io), shard_(ingest, clock), timer_(io) {}
  ~Impl() override { CloseAll(); }

  void Adopt(int fd, const Port& port) {
    shard_.now_ns = shard_.clock.MonotonicNs();
    if (shard_.draining) {
      ::close(fd);
      return;
    }
    auto connection = std::make_shared<Connection>(io_, shard_, port, *this);
    if (!connection->Open(fd)) return;
    connection->index = open_.size();
    open_.push_back(std::move(connection));
    count_.store(open_.size(), std::memory_order_relaxed);
    ++shard_.stats().open;
    ++shard_.stats().opened;
    for (const config::Duration timeout :
         {port.limits.header_timeout, port.limits.body_timeout, port.limits.idle_timeout}) {
      if (timeout.count() > 0) tick_ = std::clamp(timeout / kTicksInTimeout, kTickMin, tick_);
    }
    if (!ticking_) WaitTick();
  }

  size_t size() const { return count_.load(std::memory_order_relaxed); }

  void Drain() {
    shard_.draining = true;
    shard_.now_ns = shard_.clock.MonotonicNs();
    ForEach([](Connection& connection) { connection.Drain(); });
  }

  void CloseAll() {
    ForEach([](Connection& connection) { connection.Close(); });
    timer_.cancel();
  }

  void OnClosed(Connection& connection) override {
    const size_t index = connection.index;
    if (index + 1 < open_.size()) {
      open_[index].swap(open_.back());
      open_[index]->index = index;
    }
    open_.pop_back();
    count_.store(open_.size(), std::memory_order_relaxed);
    --shard_.stats().open;
  }

 private:
  // From the last to the first, because a connection that closes swaps places with the last. The reference keeps it
  // alive.
  template <typename Action>
  void ForEach(Action action) {
    for (size_t i = open_.size(); i-- > 0;) {
      const std::shared_ptr<Connection> connection = open_[i];
      action(*connection);
    }
  }

  void WaitTick() {
    ticking_ = true;
    timer_.expires_after(tick_);
    timer_.async_wait([this, alive = std::weak_ptr<char>(alive_)](const boost::system::error_code& error) {
      if (alive.expired()) return;  // this object is gone
      ticking_ = false;
      if (error) return;
      shard_.now_ns = shard_.clock.MonotonicNs();
      ForEach([](Connection& connection) { connection.OnTick(); });
      if (!open_.empty()) WaitTick();
    });
  }

  boost::asio::io_context& io_;
  ShardReceiver shard_;
  boost::asio::steady_timer timer_;
  std::chrono::nanoseconds tick_ = kTickMax;
  bool ticking_ = false;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
  std::vector<std::shared_ptr<Connection>> open_;
  std::atomic<size_t> count_{0};  // open_.size(); lock-free, relaxed: whoever accepts connections only compares loads
};

Connections::Connections(boost::asio::io_context& io, Ingest& ingest, const Clock& clock)
    : impl_(std::make_unique<Impl>(io, ingest, clock)) {}
Connections::~Connections() = default;

void Connections::Adopt(int fd, const Port& port) { impl_->Adopt(fd, port); }
size_t Connections::size() const { return impl_->size(); }
void Connections::Drain() { impl_->Drain(); }
void Connections::CloseAll() { impl_->CloseAll(); }

}  // namespace tailrace

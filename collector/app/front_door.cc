#include "collector/app/front_door.h"

#include <unistd.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <string>

#include "collector/receivers/connections.h"
#include "collector/receivers/listener.h"

namespace tailrace {

class FrontDoor::Impl {
 public:
  Impl(boost::asio::io_context& io, const config::Config& config, std::vector<std::unique_ptr<Shard>>& shards,
       AccessKeeper& access, const Clock& clock, Logger& logger)
      : io_(io), config_(config), access_(access), clock_(clock), logger_(logger) {
    for (const std::unique_ptr<Shard>& shard : shards) {
      Room& room = *rooms_.emplace_back(std::make_unique<Room>());
      room.shard = shard.get();
      room.connections = std::make_unique<Connections>(shard->io(), *shard, clock);
    }
  }

  absl::Status Open() {
    for (uint32_t i = 0; i < config_.receivers.size(); ++i) {
      const config::OtlpReceiverConfig& receiver = config_.receivers[i];
      for (const config::ListenerConfig* listener : {&receiver.grpc, &receiver.http}) {
        if (!listener->enabled) continue;
        const std::string name = receiver.id.text + (listener == &receiver.grpc ? "/grpc" : "/http");
        auto access = access_.Add(name, *listener, /*http2=*/true);
        if (!access.ok()) {
          return absl::Status(access.status().code(),
                              "receivers::" + name + ": " + std::string(access.status().message()));
        }
        const Port& port = *ports_.emplace_back(std::make_unique<Port>(Port{i, *listener, *access}));
        auto opened = Listener::Open(
            io_, listener->host, listener->port, [this, &port](int fd) { Place(fd, port); },
            [this] { accept_pauses_.fetch_add(1, std::memory_order_relaxed); });
        if (!opened.ok()) {
          return absl::Status(opened.status().code(),
                              "receivers::" + receiver.id.text + ": " + std::string(opened.status().message()));
        }
        logger_.Info(receiver.id.text, listener == &receiver.grpc ? "Starting GRPC server" : "Starting HTTP server",
                     {{"endpoint", (*opened)->address()}});
        listeners_.push_back(std::move(*opened));
      }
    }
    return absl::OkStatus();
  }

  void Close(int64_t deadline_ns) {
    listeners_.clear();
    for (const auto& room : rooms_) room->shard->Run([&] { room->connections->Drain(); });
    // Clients let go when they have read their answers; looked at every few milliseconds.
    boost::asio::steady_timer timer(io_);
    while (open() > 0 && clock_.MonotonicNs() < deadline_ns) {
      timer.expires_after(std::chrono::milliseconds(5));
      timer.async_wait([](const boost::system::error_code&) {});
      io_.restart();
      io_.run_one();
    }
    for (const auto& room : rooms_) room->shard->Run([&] { room->connections.reset(); });
  }

  ~Impl() {
    for (const auto& room : rooms_) {
      if (room->connections != nullptr) room->shard->Run([&] { room->connections.reset(); });
    }
  }

  uint64_t turned_away() const { return turned_away_.load(std::memory_order_relaxed); }
  uint64_t accept_pauses() const { return accept_pauses_.load(std::memory_order_relaxed); }

 private:
  struct Room {
    Shard* shard = nullptr;
    std::unique_ptr<Connections> connections;  // lives on the shard's thread
    std::atomic<uint32_t> coming{0};           // given to the shard, not yet taken in
    size_t load() const { return connections->size() + coming.load(std::memory_order_relaxed); }
  };

  size_t open() const {
    size_t sum = 0;
    for (const auto& room : rooms_) sum += room->load();
    return sum;
  }

  void Place(int fd, const Port& port) {
    if (open() >= config_.engine.connections_max) {
      turned_away_.fetch_add(1, std::memory_order_relaxed);
      ::close(fd);
      return;
    }
    Room* least = rooms_.front().get();
    for (const auto& room : rooms_) {
      if (room->load() < least->load()) least = room.get();
    }
    // Relaxed: a count to compare, it guards nothing.
    least->coming.fetch_add(1, std::memory_order_relaxed);
    boost::asio::post(least->shard->io(), [least, fd, &port] {
      if (least->connections != nullptr) {
        least->connections->Adopt(fd, port);
      } else {
        ::close(fd);
      }
      // After it counts as open: twice for a moment rather than not at all, which would let one too many in.
      least->coming.fetch_sub(1, std::memory_order_relaxed);
    });
  }

  boost::asio::io_context& io_;
  const config::Config& config_;
  AccessKeeper& access_;
  const Clock& clock_;
  Logger& logger_;
  std::vector<std::unique_ptr<Port>> ports_;
  std::vector<std::unique_ptr<Room>> rooms_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::atomic<uint64_t> turned_away_{0};
  std::atomic<uint64_t> accept_pauses_{0};
};

FrontDoor::FrontDoor(boost::asio::io_context& io, const config::Config& config,
                     std::vector<std::unique_ptr<Shard>>& shards, AccessKeeper& access, const Clock& clock,
                     Logger& logger)
    : impl_(std::make_unique<Impl>(io, config, shards, access, clock, logger)) {}
FrontDoor::~FrontDoor() = default;
absl::Status FrontDoor::Open() { return impl_->Open(); }
void FrontDoor::Close(int64_t deadline_ns) { impl_->Close(deadline_ns); }
uint64_t FrontDoor::turned_away() const { return impl_->turned_away(); }
uint64_t FrontDoor::accept_pauses() const { return impl_->accept_pauses(); }

}  // namespace tailrace

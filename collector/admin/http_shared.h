// What an AdminServer's connections share: the routes, the rules, the counters, and the way back to the server's
// thread. Internal to admin/.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "collector/admin/browser_rules.h"
#include "collector/admin/http_routes.h"
#include "collector/admin/http_server.h"

namespace tailrace::admin {

// What the server's thread and those who read the counters share. Relaxed everywhere: each is a number for people,
// nothing is published through it.
struct SharedCounters {
  std::atomic<uint64_t> requests{0};
  std::atomic<uint64_t> connections_open{0};
  std::atomic<uint64_t> connections_refused{0};
  std::atomic<uint64_t> requests_turned_away{0};
  std::atomic<uint64_t> timeouts{0};
};

inline void Count(std::atomic<uint64_t>& counter) { counter.fetch_add(1, std::memory_order_relaxed); }

// The server's io_context for other threads, as long as there is one. Guarded: own mutex.
class Doorbell {
 public:
  void Open(boost::asio::io_context* io) {
    const std::lock_guard lock(mutex_);
    io_ = io;
  }
  void Close() { Open(nullptr); }
  template <class Action>
  void Post(Action action) {
    const std::lock_guard lock(mutex_);
    if (io_ != nullptr) boost::asio::post(*io_, std::move(action));
  }

 private:
  std::mutex mutex_;
  boost::asio::io_context* io_ = nullptr;  // guarded by mutex_
};

struct Shared {
  // Immutable once the server runs.
  const AdminLimits limits;
  Routes routes;
  std::optional<BrowserRules> browser_rules;
  ListenerAccess* access = nullptr;

  // Single-writer: the server's thread.
  size_t costly_waiting = 0;  // requests
  size_t answer_bytes = 0;    // of bodies not yet sent

  // Lock-free, and guarded by itself.
  SharedCounters counters;
  std::shared_ptr<Doorbell> doorbell = std::make_shared<Doorbell>();
};

}  // namespace tailrace::admin

// What an AdminServer's connections share: the routes, the counters, and the way back to the server's thread. Internal
// to admin/.
#pragma once

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/http/verb.hpp>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collector/admin/http_server.h"

namespace tailrace::admin {

// What the server's thread and those who read the counters share. Relaxed everywhere: each is a number for people,
// nothing is published through it.
struct SharedCounters {
  std::atomic<uint64_t> requests{0};
  std::atomic<uint64_t> connections_open{0};
  std::atomic<uint64_t> connections_refused{0};
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

// Immutable once the server runs.
class Routes {
 public:
  void Add(std::string path, AdminHandler handler) { handlers_[std::move(path)] = std::move(handler); }

  AdminResponse Answer(boost::beast::http::verb method, const AdminRequest& request) const {
    const AdminHandler* handler = Find(request.path);
    if (handler == nullptr) return {.status = 404, .body = "no such path\n"};
    if (method != boost::beast::http::verb::get && method != boost::beast::http::verb::head)
      return {.status = 405, .body = "use GET or HEAD\n"};
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

}  // namespace tailrace::admin

#include "collector/access/access_keeper.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/thread_name.h"

namespace tailrace {

class AccessKeeper::Impl {
 public:
  explicit Impl(Logger& logger) : logger_(logger) {}

  ~Impl() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  absl::StatusOr<ListenerAccess*> Add(const std::string& name, const config::AccessConfig& config, bool http2) {
    if (!config.tls.enabled && config.authenticator.text.empty()) return nullptr;
    auto access = std::make_unique<ListenerAccess>(name);
    if (config.tls.enabled) {
      auto tls = TlsServer::Make(name, config.tls, http2, logger_, access->counters());
      if (!tls.ok()) return tls.status();
      Watch([server = tls->get()] { return server->Look(); });
      access->tls_ = *std::move(tls);
    }
    if (!config.authenticator.text.empty()) {
      auto authenticator = AuthenticatorOf(config);
      if (!authenticator.ok()) return authenticator.status();
      access->auth_ = *authenticator;
    }
    const std::lock_guard lock(accesses_mutex_);
    accesses_.push_back(std::move(access));
    return accesses_.back().get();
  }

  void Start() {
    if (!watches_.empty()) thread_ = std::thread([this] { Run(); });
  }

  std::vector<ListenerStats> Stats() const {
    constexpr auto kRelaxed = std::memory_order_relaxed;
    std::vector<ListenerStats> all;
    const std::lock_guard lock(accesses_mutex_);
    for (const auto& access : accesses_) {
      const AccessCounters& from = access->counters();
      ListenerStats& stats = all.emplace_back();
      stats.listener = access->name();
      stats.has_tls = access->tls() != nullptr;
      stats.has_auth = access->authenticator() != nullptr;
      const auto requests = [&from](AuthOutcome outcome) {
        return from.requests[static_cast<size_t>(outcome)].load(kRelaxed);
      };
      stats.auth_refused_requests = {requests(AuthOutcome::kMissing), requests(AuthOutcome::kMalformed),
                                     requests(AuthOutcome::kDoubled), requests(AuthOutcome::kWrong),
                                     requests(AuthOutcome::kBusy)};
      stats.tls_handshakes = from.handshakes_ok.load(kRelaxed);
      stats.tls_handshakes_failed = from.handshakes_failed.load(kRelaxed);
      stats.tls_reloads = from.reloads_ok.load(kRelaxed);
      stats.tls_reloads_failed = from.reloads_failed.load(kRelaxed);
      stats.tls_not_after_s = from.not_after_s.load(kRelaxed);
    }
    return all;
  }

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Watched {
    std::function<config::Duration()> look;
    Time due;
  };

  void Watch(std::function<config::Duration()> look) {
    const config::Duration first = look();
    if (first.count() > 0) watches_.push_back({std::move(look), std::chrono::steady_clock::now() + first});
  }

  absl::StatusOr<ServerAuthenticator*> AuthenticatorOf(const config::AccessConfig& config) {
    const std::string& id = config.authenticator.text;
    if (const auto found = authenticators_.find(id); found != authenticators_.end()) return found->second.get();
    auto made = MakeServerAuthenticator(id, config.auth, logger_);
    if (!made.ok()) {
      return absl::Status(made.status().code(), absl::StrCat("extensions::", id, ": ", made.status().message()));
    }
    ServerAuthenticator* authenticator = made->get();
    authenticators_[id] = *std::move(made);
    Watch([authenticator] { return authenticator->Look(); });
    return authenticator;
  }

  void Run() {
    NameThisThread("access");
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      const auto next = std::min_element(watches_.begin(), watches_.end(),
                                         [](const Watched& a, const Watched& b) { return a.due < b.due; });
      wake_.wait_until(lock, next->due, [this] { return stopping_; });
      if (stopping_) return;
      lock.unlock();  // files may be slow; nobody else touches watches_ after Start()
      next->due = std::chrono::steady_clock::now() + next->look();
      lock.lock();
    }
  }

  Logger& logger_;
  std::map<std::string, std::unique_ptr<ServerAuthenticator>> authenticators_;
  mutable std::mutex accesses_mutex_;
  std::vector<std::unique_ptr<ListenerAccess>> accesses_;  // guarded by it: metrics are read while listeners open
  std::vector<Watched> watches_;                           // of the thread, after Start()
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

AccessKeeper::AccessKeeper(Logger& logger) : impl_(std::make_unique<Impl>(logger)) {}
AccessKeeper::~AccessKeeper() = default;
absl::StatusOr<ListenerAccess*> AccessKeeper::Add(const std::string& name, const config::AccessConfig& config,
                                                  bool http2) {
  return impl_->Add(name, config, http2);
}
void AccessKeeper::Start() { impl_->Start(); }
std::vector<ListenerStats> AccessKeeper::Stats() const { return impl_->Stats(); }

}  // namespace tailrace

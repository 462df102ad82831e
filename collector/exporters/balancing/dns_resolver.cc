#include "collector/exporters/balancing/dns_resolver.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "collector/exporters/balancing/resolution_log.h"

namespace tailrace {
namespace {

class DnsResolver final : public MemberResolver {
 public:
  DnsResolver(const config::DnsResolverConfig& config, std::unique_ptr<AddressLookup> lookup, std::string component,
              Logger& logger, const Clock& clock)
      : config_(config),
        component_(std::move(component)),
        logger_(logger),
        lookup_(std::move(lookup)),
        log_(component_, logger, clock) {}

  ~DnsResolver() override { Stop(); }

  const char* name() const override { return "dns"; }
  const ResolutionCounts& counts() const override { return log_.counts(); }

  absl::Status Start(OnMembers on_members) override {
    thread_ = std::thread([this, on_members = std::move(on_members)] { Run(on_members); });
    return absl::OkStatus();
  }

  void Stop() override {
    if (!thread_.joinable()) return;
    {
      std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
    lookup_->Cancel();
    thread_.join();
  }

 private:
  void Run(const OnMembers& on_members) {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
      lock.unlock();
      LookUp(on_members);
      lock.lock();
      changed_.wait_for(lock, config_.interval, [this] { return stopped_; });
    }
  }

  void LookUp(const OnMembers& on_members) {
    auto addresses = lookup_->Find(config_.hostname, config_.timeout);
    if (absl::IsCancelled(addresses.status())) return;
    if (!addresses.ok()) return log_.Failed(std::string(addresses.status().message()));
    log_.Succeeded();
    WarnOfLinkLocal(*addresses);
    on_members(MemberNames(*std::move(addresses), config_.port));
  }

  // They belong to a link that the answer does not name; all routers must agree on the ring all the same.
  void WarnOfLinkLocal(const std::vector<std::string>& addresses) {
    const auto at = std::find_if(addresses.begin(), addresses.end(),
                                 [](const std::string& address) { return absl::StartsWith(address, "fe80:"); });
    const bool any = at != addresses.end();
    if (any && !std::exchange(warned_, true)) {
      logger_.Warn(component_, "A member's address is link-local and cannot be reached", {{"member", *at}});
    }
    if (!any) warned_ = false;
  }

  const config::DnsResolverConfig config_;
  const std::string component_;
  Logger& logger_;
  const std::unique_ptr<AddressLookup> lookup_;

  ResolutionLog log_;    // the thread's
  bool warned_ = false;  // the thread's

  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace

std::vector<std::string> MemberNames(std::vector<std::string> addresses, const std::string& port) {
  for (std::string& address : addresses) {
    if (absl::StrContains(address, ':')) address = absl::StrCat("[", address, "]");
    if (!port.empty()) absl::StrAppend(&address, ":", port);
  }
  std::sort(addresses.begin(), addresses.end());
  return addresses;
}

std::unique_ptr<MemberResolver> MakeDnsResolver(const config::DnsResolverConfig& config,
                                                std::unique_ptr<AddressLookup> lookup, const std::string& component,
                                                Logger& logger, const Clock& clock) {
  return std::make_unique<DnsResolver>(config, std::move(lookup), component, logger, clock);
}

}  // namespace tailrace

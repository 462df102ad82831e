#include "collector/exporters/balancing/k8s_resolver.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "collector/exporters/balancing/endpoint_slices.h"
#include "collector/exporters/balancing/kube_api.h"
#include "collector/exporters/balancing/resolution_log.h"

namespace tailrace {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kListTimeout = seconds(30);
constexpr size_t kBytesMax = 32 << 20;  // of a page of a list, of a line of a watch
constexpr milliseconds kPauseMin{500}, kPauseMax = seconds(30);

std::string HttpError(long status) {
  const char* hint = status == 401   ? ": the service account's token is not accepted"
                     : status == 403 ? ": the service account may not list and watch endpointslices here"
                                     : "";
  return absl::StrCat("the API server answers ", status, hint);
}

class K8sResolver final : public MemberResolver {
 public:
  K8sResolver(const config::K8sResolverConfig& config, std::string component, Logger& logger, const Clock& clock)
      : config_(config),
        component_(std::move(component)),
        logger_(logger),
        api_(MakeKubeApi(config.api_server, config.account_dir)),
        slices_(config.return_hostnames),
        log_(component_, logger, clock) {
    const std::vector<std::string> labels = absl::StrSplit(config.service, '.');
    service_ = labels[0];
    namespace_ = labels.size() > 1 ? labels[1] : api_->Namespace();
    path_ = absl::StrCat("/apis/discovery.k8s.io/v1/namespaces/", namespace_,
                         "/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D", service_);
  }

  ~K8sResolver() override { Stop(); }

  const char* name() const override { return "k8s"; }
  const ResolutionCounts& counts() const override { return log_.counts(); }

  absl::Status Start(OnMembers on_members) override {
    if (absl::Status status = api_->Check(); !status.ok()) {
      return absl::Status(status.code(), absl::StrCat("resolver::k8s: ", status.message()));
    }
    on_members_ = std::move(on_members);
    thread_ = std::thread([this] { Run(); });
    return absl::OkStatus();
  }

  void Stop() override {
    if (!thread_.joinable()) return;
    {
      std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
    api_->Cancel();
    thread_.join();
  }

 private:
  // --- on the thread ---

  void Run() {
    bool listed = false;
    milliseconds pause = kPauseMin;
    while (!Stopped()) {
      const absl::Status status = listed ? Watch() : List();
      if (absl::IsCancelled(status)) return;
      if (status.ok()) {
        listed = true;
        pause = kPauseMin;
      } else if (listed && absl::IsOutOfRange(status)) {
        listed = false;  // what happened meanwhile is in a new list
      } else {
        log_.Failed(std::string(status.message()));
        listed = listed && absl::IsUnavailable(status);
        Pause(pause);
        pause = std::min(2 * pause, kPauseMax);
      }
    }
  }

  absl::Status List() {
    std::string next;
    bool first = true;
    do {
      std::string body;
      const auto status = api_->Get(absl::StrCat(path_, "&limit=500", next.empty() ? "" : "&continue=", next),
                                    kListTimeout, [&body](std::string_view bytes) {
                                      body.append(bytes);
                                      return body.size() <= kBytesMax;
                                    });
      if (absl::IsAborted(status.status())) return absl::InvalidArgumentError("the API server's list has no end");
      if (!status.ok()) return status.status();
      if (*status != 200) return absl::PermissionDeniedError(HttpError(*status));
      if (absl::Status read = slices_.ReadList(body, first, &next); !read.ok()) return read;
      first = false;
    } while (!next.empty());
    Tell();
    return absl::OkStatus();
  }

  // Until the server ends it, which it does after the configured time.
  absl::Status Watch() {
    std::string line;
    absl::Status event;
    const auto watch_s = std::max<int64_t>(1, duration_cast<seconds>(config_.timeout).count());
    const std::string path = absl::StrCat(path_, "&watch=true&allowWatchBookmarks=true&timeoutSeconds=", watch_s,
                                          "&resourceVersion=", slices_.resource_version());
    const auto status = api_->Get(path, seconds(watch_s) + kListTimeout, [&](std::string_view bytes) {
      event = ReadLines(bytes, &line);
      return event.ok();
    });
    if (!event.ok()) return event;
    if (!status.ok()) return status.status();
    if (*status == 410) return absl::OutOfRangeError("410 Gone");
    if (*status != 200) return absl::PermissionDeniedError(HttpError(*status));
    if (!std::exchange(heard_, false)) Pause(kPauseMin);  // one that closes at once must not keep us busy
    return absl::OkStatus();
  }

  // `line`: what has come of the line that is not finished.
  absl::Status ReadLines(std::string_view bytes, std::string* line) {
    while (!bytes.empty()) {
      const size_t end = bytes.find('\n');
      line->append(bytes.substr(0, end));
      if (line->size() > kBytesMax) return absl::InvalidArgumentError("the API server sends a line without end");
      if (end == std::string_view::npos) return absl::OkStatus();
      bytes.remove_prefix(end + 1);
      if (absl::Status read = slices_.ReadEvent(*line); !read.ok()) return read;
      line->clear();
      heard_ = true;
      Tell();
    }
    return absl::OkStatus();
  }

  void Tell() {
    log_.Succeeded();
    if (slices_.truncated() && !std::exchange(warned_, true)) {
      logger_.Warn(component_, "The Service has more endpoints than are looked at",
                   {{"looked_at", absl::StrCat(EndpointSlices::kEndpointsMax)}});
    }
    std::vector<std::string> names;
    for (const std::string& endpoint : slices_.Endpoints()) AddNames(endpoint, &names);
    std::sort(names.begin(), names.end());
    on_members_(std::move(names));
  }

  // As the Collector names them.
  void AddNames(const std::string& endpoint, std::vector<std::string>* names) const {
    const std::string host =
        config_.return_hostnames ? absl::StrCat(endpoint, ".", service_, ".", namespace_) : endpoint;
    if (config_.ports.empty()) names->push_back(host);
    const bool ipv6 = absl::StrContains(host, ':');
    for (const std::string& port : config_.ports) {
      names->push_back(ipv6 ? absl::StrCat("[", host, "]:", port) : absl::StrCat(host, ":", port));
    }
  }

  bool Stopped() {
    std::lock_guard lock(mutex_);
    return stopped_;
  }
  void Pause(milliseconds pause) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, pause, [this] { return stopped_; });
  }

  // Immutable.
  const config::K8sResolverConfig config_;
  const std::string component_;
  Logger& logger_;
  std::string service_;
  std::string namespace_;
  std::string path_;  // of the list and the watch

  const std::unique_ptr<KubeApi> api_;

  // The thread's.
  OnMembers on_members_;
  EndpointSlices slices_;
  ResolutionLog log_;
  bool heard_ = false;  // an event, since the watch was begun
  bool warned_ = false;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace

std::unique_ptr<MemberResolver> MakeK8sResolver(const config::K8sResolverConfig& config, const std::string& component,
                                                Logger& logger, const Clock& clock) {
  return std::make_unique<K8sResolver>(config, component, logger, clock);
}

}  // namespace tailrace

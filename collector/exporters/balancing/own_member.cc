#include "collector/exporters/balancing/own_member.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <limits>
#include <utility>
#include <vector>

#include "collector/exporters/backend_transport.h"
#include "collector/exporters/otlp_channel.h"

namespace tailrace {
namespace {

constexpr std::chrono::milliseconds kNotOpenYet(50);

// Every request is answered before Send() returns.
class OwnTransport final : public BackendTransport {
 public:
  OwnTransport(std::shared_ptr<OwnDoor> door, const Clock& clock) : door_(std::move(door)), clock_(clock) {}

  absl::Status Start() override { return absl::OkStatus(); }
  void Send(uint64_t tag, const ExportBatch& batch) override { answers_.push_back({tag, door_->Take(batch)}); }

  void Poll(int64_t until_ns, std::vector<TransportAnswer>* answers) override {
    if (answers_.empty()) {
      std::unique_lock lock(mutex_);
      const auto woken = [this] { return woken_; };
      if (until_ns == std::numeric_limits<int64_t>::max()) {
        wake_.wait(lock, woken);
      } else {
        wake_.wait_for(lock, std::chrono::nanoseconds(std::max<int64_t>(until_ns - clock_.MonotonicNs(), 0)), woken);
      }
      woken_ = false;
    }
    answers->insert(answers->end(), answers_.begin(), answers_.end());
    answers_.clear();
  }

  void Wake() override {
    std::lock_guard lock(mutex_);
    woken_ = true;
    wake_.notify_one();
  }

  void CancelAll() override {}

 private:
  const std::shared_ptr<OwnDoor> door_;
  const Clock& clock_;
  std::vector<TransportAnswer> answers_;  // single-writer: the exporter's thread

  std::mutex mutex_;
  std::condition_variable wake_;
  bool woken_ = false;  // guarded by mutex_
};

}  // namespace

void OwnDoor::Open(TakeOwn take) {
  std::lock_guard lock(mutex_);
  shut_ = take == nullptr;
  take_ = std::move(take);
}

SendResult OwnDoor::Take(const ExportBatch& batch) {
  std::lock_guard lock(mutex_);
  if (take_ != nullptr) return take_(batch);
  if (!shut_) return {.outcome = SendResult::Outcome::kRetry, .retry_after = kNotOpenYet, .error = "still starting"};
  return {.outcome = SendResult::Outcome::kDropped,
          .reason = DropReason::kShutdown,
          .error = "this process's own pipelines have stopped"};
}

std::unique_ptr<RemoteExporter> MakeOwnMember(const config::OtlpExporterConfig& config, std::shared_ptr<OwnDoor> door,
                                              std::shared_ptr<DeadLetters> dead_letters, Logger& logger,
                                              const Clock& clock) {
  return MakeRemoteExporter(config, nullptr, SplitEndpoint(config.endpoint),
                            std::make_unique<OwnTransport>(std::move(door), clock), logger, clock,
                            std::move(dead_letters));
}

}  // namespace tailrace

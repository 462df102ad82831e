#include "collector/exporters/remote_exporter.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/thread_name.h"
#include "collector/exporters/batch_cutter.h"
#include "collector/exporters/dead_letters.h"
#include "collector/exporters/export_log.h"
#include "collector/exporters/sending_queue.h"
#include "collector/exporters/stored_queue.h"

namespace tailrace {
namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

class BackendExporter final : public RemoteExporter {
 public:
  BackendExporter(const config::BackendConfig& config, const config::FileStorageConfig* storage, HostPort address,
                  std::unique_ptr<BackendTransport> transport, Logger& logger, const Clock& clock,
                  std::shared_ptr<DeadLetters> dead_letters)
      : config_(config),
        address_(std::move(address)),
        clock_(clock),
        logger_(logger),
        transport_(std::move(transport)),
        queue_(config.queue, config.retry, clock, HashBytes(config.id.text, static_cast<uint64_t>(clock.WallNs()))),
        log_(config.id.text, logger, clock),
        dead_letters_(std::move(dead_letters)) {
    if (storage != nullptr) storage_config_ = *storage;
  }

  ~BackendExporter() override {
    if (thread_.joinable()) Stop(std::chrono::steady_clock::now());
  }

  absl::Status Start() override {
    if (dead_letters_ == nullptr && !config_.dead_letter.path.empty()) {
      auto letters = OpenDeadLetters(config_.dead_letter, clock_);
      if (!letters.ok()) return letters.status();
      dead_letters_ = *std::move(letters);
    }
    if (absl::Status status = transport_->Start(); !status.ok()) return status;
    if (storage_config_.has_value()) {
      std::string warning;
      auto store = OpenBatchStore(*storage_config_, config_.id.text, &warning);
      if (!store.ok()) return store.status();
      if (!warning.empty()) logger_.Error(config_.id.text, warning);
      storage_ = std::make_unique<StoredQueue>(*std::move(store), queue_, config_.id.text, logger_,
                                               [this] { transport_->Wake(); });
    }
    thread_ = std::thread([this] { Run(); });
    return absl::OkStatus();
  }

  void Offer(const ExportBatch& batch) override {
    if (!queue_.Offer(batch)) {
      log_.QueueFull(batch.spans);
    } else if (storage_ != nullptr) {
      storage_->Wake();
    } else if (thread_.joinable()) {
      transport_->Wake();
    }
  }

  bool full() const override { return queue_.full(); }

  void BeginStop(std::chrono::steady_clock::time_point deadline) override {
    if (std::exchange(stopping_, true)) return;
    const std::chrono::nanoseconds left = deadline - std::chrono::steady_clock::now();
    const int64_t deadline_ns = clock_.MonotonicNs() + left.count();
    queue_.Close(deadline_ns);
    stop_ns_.store(deadline_ns, std::memory_order_release);
    if (storage_ != nullptr) storage_->Wake();
    if (thread_.joinable()) transport_->Wake();
  }

  void Stop(std::chrono::steady_clock::time_point deadline) override {
    BeginStop(deadline);
    if (!thread_.joinable()) {
      queue_.DropQueued(DropReason::kShutdown);  // never started
      return;
    }
    thread_.join();
    if (storage_ != nullptr) storage_->Stop();
  }

  void Leave(std::function<void()> changed) override {
    queue_.Leave();
    {
      std::lock_guard lock(leave_mutex_);
      changed_ = std::move(changed);
    }
    transport_->Wake();
  }

  std::vector<ExportBatch> Withdraw() override { return queue_.Withdraw(); }
  bool left() const override { return queue_.idle(); }
  void LimitMemory(uint64_t bytes) override { queue_.LimitMemory(bytes); }

  ExporterStats Stats() const override {
    ExporterStats stats;
    stats.exporter = config_.id.text;
    stats.server_address = address_.host;
    stats.server_port = address_.port;
    queue_.Fill(&stats);
    stats.dead_letter_spans = dead_letter_spans_.load(std::memory_order_relaxed);
    stats.dead_letter_failed_spans = dead_letter_failed_spans_.load(std::memory_order_relaxed);
    stats.backend_bytes_max = backend_bytes_max_.load(std::memory_order_relaxed);
    return stats;
  }

 private:
  // --- on the thread ---

  void Run() {
    NameThisThread("exp-" + config_.id.text);
    std::vector<TransportAnswer> answers;
    for (;;) {
      StartRequests();
      // Pairs with the release in Stop(): what was closed before is seen.
      const int64_t stop_ns = stop_ns_.load(std::memory_order_acquire);
      if (stop_ns != kNever) {
        if (clock_.MonotonicNs() >= stop_ns || NothingComesBefore(stop_ns)) CutShort();
        if (queue_.idle()) break;
      }
      // What was cut short ends by itself; its deadline must not make this a busy loop.
      int64_t until = cut_short_ ? kNever : stop_ns;
      if (const auto due = queue_.NextDueNs(); due.has_value()) until = std::min(until, *due);
      answers.clear();
      transport_->Poll(until, &answers);
      for (TransportAnswer& answer : answers) Finish(answer);
      if (!answers.empty()) TellOfChange();
      if (storage_ != nullptr && !answers.empty()) storage_->Wake();
    }
    DropLate();
  }

  void TellOfChange() {
    std::lock_guard lock(leave_mutex_);
    if (changed_ != nullptr) changed_();
  }

  // What is queued waits for a backend that will not be asked before then.
  bool NothingComesBefore(int64_t stop_ns) const {
    const std::optional<int64_t> due = queue_.NextDueNs();
    return in_flight_.empty() && due.has_value() && *due > stop_ns;
  }

  void StartRequests() {
    while (auto item = queue_.Take()) {
      if (item->batch.payload == nullptr && !ReadBack(&*item)) continue;
      const uint64_t bytes_max = backend_bytes_max_.load(std::memory_order_relaxed);
      if (bytes_max != 0 && item->bytes > bytes_max && item->batch.spans > 1) {
        std::vector<ExportBatch> halves = CutInTwo(item->batch);
        queue_.FinishInPieces(*std::move(item), std::move(halves), false);
        continue;
      }
      const uint64_t tag = next_tag_++;
      transport_->Send(tag, item->batch);
      in_flight_.emplace(tag, *std::move(item));
    }
  }

  // False: what the storage gave back is not what was written; it is dropped.
  bool ReadBack(QueuedBatch* item) {
    absl::StatusOr<ExportBatch> batch = storage_->Read(item->stored->id);
    if (batch.ok()) {
      item->batch = *std::move(batch);
      return true;
    }
    SendResult result{.outcome = SendResult::Outcome::kDropped, .reason = DropReason::kStorageFailed};
    result.error = std::string(batch.status().message());
    Conclude(std::move(*item), result);
    return false;
  }

  void Finish(TransportAnswer& answer) {
    const auto node = in_flight_.extract(answer.tag);
    if (node.empty()) return;
    QueuedBatch item = std::move(node.mapped());
    SendResult& result = answer.result;
    const bool cut_short = cut_short_ && result.outcome == SendResult::Outcome::kRetry;
    if (cut_short) {
      result.outcome = SendResult::Outcome::kDropped;
      result.reason = DropReason::kShutdown;
    }
    const bool too_large = result.outcome == SendResult::Outcome::kTooLarge;
    if (too_large || result.outcome == SendResult::Outcome::kBadData) {
      if (too_large) backend_bytes_max_.store(std::max<uint64_t>(item.bytes / 2, 1), std::memory_order_relaxed);
      if (MayCut(too_large, &item)) {
        log_.Cut(result, item.batch.spans);
        std::vector<ExportBatch> halves = CutInTwo(item.batch);
        queue_.FinishInPieces(std::move(item), std::move(halves), true);
        return;
      }
      result.outcome = SendResult::Outcome::kDropped;
      result.reason = too_large ? DropReason::kTooLarge : DropReason::kRefusedByBackend;
    }
    Conclude(std::move(item), result);
  }

  // A bad span costs two requests for each halving of its batch; a backend that refuses everything must not cost two
  // for each span.
  static bool MayCut(bool too_large, QueuedBatch* item) {
    if (item->batch.spans < 2) return false;
    if (too_large) return true;
    if (item->cuts_left == nullptr) item->cuts_left = std::make_shared<uint32_t>(CutsFor(item->batch.spans));
    if (*item->cuts_left == 0) return false;
    --*item->cuts_left;
    return true;
  }

  void Conclude(QueuedBatch item, const SendResult& result) {
    const ExportBatch batch = item.batch;
    const SendVerdict verdict = queue_.Finish(std::move(item), result);
    if (verdict.fate == SendVerdict::Fate::kDropped) Bury(batch, verdict.reason, result.error);
    log_.Attempt(result, verdict, batch.spans);
  }

  void Bury(const ExportBatch& batch, DropReason reason, std::string_view error) {
    if (dead_letters_ == nullptr || batch.payload == nullptr) return;
    const bool written = dead_letters_->Write({.exporter = config_.id.text,
                                               .reason = reason,
                                               .error = error,
                                               .payload = *batch.payload,
                                               .spans = batch.spans});
    (written ? dead_letter_spans_ : dead_letter_failed_spans_).fetch_add(batch.spans, std::memory_order_relaxed);
    if (!written) log_.DeadLettersFailed(dead_letters_->last_error(), batch.spans);
  }

  // The stop deadline passed.
  void CutShort() {
    DropLate();
    if (std::exchange(cut_short_, true)) return;
    transport_->CancelAll();
  }

  void DropLate() {
    uint64_t spans = 0;
    for (const QueuedBatch& item : queue_.DropQueued(DropReason::kShutdown)) {
      spans += item.batch.spans;
      Bury(item.batch, DropReason::kShutdown, "not sent before the stop deadline");
    }
    log_.Stopped(spans);
  }

  // Immutable.
  const config::BackendConfig config_;
  std::optional<config::FileStorageConfig> storage_config_;
  const HostPort address_;
  const Clock& clock_;
  Logger& logger_;
  const std::unique_ptr<BackendTransport> transport_;

  // Guarded: each by its own mutex.
  SendingQueue queue_;
  ExportLog log_;
  std::shared_ptr<DeadLetters> dead_letters_;
  std::unique_ptr<StoredQueue> storage_;
  std::mutex leave_mutex_;
  std::function<void()> changed_;  // guarded by leave_mutex_; null until Leave()

  bool stopping_ = false;                 // the stopping thread's
  std::atomic<int64_t> stop_ns_{kNever};  // written once by Stop()
  // Written by the thread only.
  std::atomic<uint64_t> dead_letter_spans_{0};
  std::atomic<uint64_t> dead_letter_failed_spans_{0};
  std::atomic<uint64_t> backend_bytes_max_{0};

  // Single-writer: the thread's.
  std::unordered_map<uint64_t, QueuedBatch> in_flight_;
  uint64_t next_tag_ = 1;
  bool cut_short_ = false;

  std::thread thread_;
};

}  // namespace

std::unique_ptr<RemoteExporter> MakeRemoteExporter(const config::BackendConfig& config,
                                                   const config::FileStorageConfig* storage, HostPort address,
                                                   std::unique_ptr<BackendTransport> transport, Logger& logger,
                                                   const Clock& clock, std::shared_ptr<DeadLetters> dead_letters) {
  return std::make_unique<BackendExporter>(config, storage, std::move(address), std::move(transport), logger, clock,
                                           std::move(dead_letters));
}

}  // namespace tailrace

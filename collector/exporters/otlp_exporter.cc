#include "collector/exporters/otlp_exporter.h"

#include <grpcpp/alarm.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "collector/exporters/export_log.h"
#include "collector/exporters/otlp_channel.h"
#include "collector/exporters/otlp_status.h"
#include "collector/exporters/sending_queue.h"

namespace tailrace {
namespace {

constexpr char kMethod[] = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

// gRPC reads the payload where it lies; the reference is given back when the last byte is on its way.
grpc::ByteBuffer ToByteBuffer(std::shared_ptr<const std::string> payload) {
  auto* owner = new std::shared_ptr<const std::string>(std::move(payload));
  const auto release = [](void* user_data) { delete static_cast<std::shared_ptr<const std::string>*>(user_data); };
  // gRPC does not write to it.
  const grpc::Slice slice(const_cast<char*>((*owner)->data()), (*owner)->size(), release, owner);
  return grpc::ByteBuffer(&slice, 1);
}

std::string ToString(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Valid() || !buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return bytes;
}

// One request on its way; its address is the completion queue's tag.
struct Call {
  QueuedBatch item;
  bool cut_short = false;  // cancelled because the stop deadline passed
  grpc::ClientContext context;
  grpc::ByteBuffer response;
  grpc::Status status;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
};

class OtlpExporter final : public Exporter {
 public:
  OtlpExporter(const config::OtlpExporterConfig& config, Logger& logger, const Clock& clock)
      : config_(config),
        address_(SplitEndpoint(config.endpoint)),
        clock_(clock),
        queue_(config.queue, config.retry, clock, HashBytes(config.id.text, static_cast<uint64_t>(clock.WallNs()))),
        log_(config.id.text, logger, clock) {}

  ~OtlpExporter() override {
    if (thread_.joinable()) Stop(std::chrono::steady_clock::now());
  }

  absl::Status Start() override {
    auto metadata = MakeMetadata(config_.headers);
    if (!metadata.ok()) return metadata.status();
    metadata_ = *std::move(metadata);
    auto channel = MakeOtlpChannel(config_);
    if (!channel.ok()) return channel.status();
    stub_ = std::make_unique<grpc::GenericStub>(*std::move(channel));
    thread_ = std::thread([this] { Run(); });
    return absl::OkStatus();
  }

  void Offer(const ExportBatch& batch) override {
    if (queue_.Offer(batch)) {
      Wake();
    } else {
      log_.QueueFull(batch.spans);
    }
  }

  void Stop(std::chrono::steady_clock::time_point deadline) override {
    const std::chrono::nanoseconds left = deadline - std::chrono::steady_clock::now();
    const int64_t deadline_ns = clock_.MonotonicNs() + left.count();
    queue_.Close(deadline_ns);
    stop_ns_.store(deadline_ns, std::memory_order_release);
    if (thread_.joinable()) {
      Wake();
      thread_.join();
    } else {
      queue_.DropQueued(DropReason::kShutdown);  // never started
    }
  }

  ExporterStats Stats() const override {
    ExporterStats stats;
    stats.exporter = config_.id.text;
    stats.server_address = address_.host;
    stats.server_port = address_.port;
    queue_.Fill(&stats);
    return stats;
  }

 private:
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

  // Makes the thread look at the queue: an alarm that is due at once is the one event that any thread may put into a
  // completion queue. At most one is under way.
  void Wake() {
    std::lock_guard lock(wake_mutex_);
    if (wake_pending_ || finished_) return;
    wake_pending_ = true;
    wake_.Set(&completions_, gpr_time_0(GPR_CLOCK_MONOTONIC), &wake_);
  }

  // --- on the thread ---

  void Run() {
    for (;;) {
      StartCalls();
      // Pairs with the release in Stop(): what was closed before is seen.
      const int64_t stop_ns = stop_ns_.load(std::memory_order_acquire);
      if (stop_ns != kNever) {
        if (clock_.MonotonicNs() >= stop_ns) CutShort();
        if (queue_.idle()) break;
      }
      WaitForOne(stop_ns);
    }
    DropLate();
    {
      std::lock_guard lock(wake_mutex_);
      finished_ = true;
    }
    completions_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (completions_.Next(&tag, &ok)) {  // a wake-up that was still under way
    }
  }

  void StartCalls() {
    while (auto item = queue_.Take()) {
      auto call = std::make_unique<Call>();
      call->item = *std::move(item);
      call->context.set_deadline(gpr_time_from_nanos(config_.timeout.count(), GPR_TIMESPAN));
      if (config_.compression == "gzip") call->context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
      for (const auto& [key, value] : metadata_) call->context.AddMetadata(key, value);
      call->reader =
          stub_->PrepareUnaryCall(&call->context, kMethod, ToByteBuffer(call->item.batch.payload), &completions_);
      call->reader->StartCall();
      Call* const tag = call.get();
      calls_.emplace(tag, std::move(call));
      tag->reader->Finish(&tag->response, &tag->status, tag);
    }
  }

  void WaitForOne(int64_t stop_ns) {
    // A cut-short call ends by itself; its deadline must not make this a busy loop.
    int64_t until = cut_short_ ? kNever : stop_ns;
    if (const auto due = queue_.NextDueNs(); due.has_value()) until = std::min(until, *due);
    const gpr_timespec deadline =
        until == kNever ? gpr_inf_future(GPR_CLOCK_MONOTONIC)
                        : gpr_time_from_nanos(std::max<int64_t>(until - clock_.MonotonicNs(), 0), GPR_TIMESPAN);
    void* tag = nullptr;
    bool ok = false;
    if (completions_.AsyncNext(&tag, &ok, deadline) != grpc::CompletionQueue::GOT_EVENT) return;
    if (tag == &wake_) {
      std::lock_guard lock(wake_mutex_);
      wake_pending_ = false;
      return;
    }
    FinishCall(static_cast<Call*>(tag));
  }

  void FinishCall(Call* finished) {
    const auto node = calls_.extract(finished);
    Call& call = *node.mapped();
    SendResult result;
    if (call.status.ok()) {
      result = SuccessfulExport(ToString(call.response));
    } else {
      result = FailedExport(call.status.error_code(), call.status.error_message(), call.status.error_details());
      if (call.cut_short) {
        result.outcome = SendResult::Outcome::kDropped;
        result.reason = DropReason::kShutdown;
      }
    }
    const uint64_t spans = call.item.batch.spans;
    log_.Attempt(result, queue_.Finish(std::move(call.item), result), spans);
  }

  // The stop deadline passed.
  void CutShort() {
    DropLate();
    if (std::exchange(cut_short_, true)) return;
    for (const auto& [tag, call] : calls_) {
      call->cut_short = true;
      call->context.TryCancel();
    }
  }

  void DropLate() { log_.Stopped(queue_.DropQueued(DropReason::kShutdown)); }

  // Immutable; metadata_ and stub_ from Start() on.
  const config::OtlpExporterConfig config_;
  const HostPort address_;
  const Clock& clock_;
  std::map<std::string, std::string> metadata_;
  std::unique_ptr<grpc::GenericStub> stub_;

  // Guarded: each by its own mutex.
  SendingQueue queue_;
  ExportLog log_;

  std::atomic<int64_t> stop_ns_{kNever};  // written once by Stop()

  std::mutex wake_mutex_;
  bool wake_pending_ = false;  // guarded by wake_mutex_
  bool finished_ = false;      // guarded by wake_mutex_

  grpc::CompletionQueue completions_;
  grpc::Alarm wake_;  // after completions_: ends before it; Set() under wake_mutex_

  // Single-writer: the thread's.
  std::unordered_map<Call*, std::unique_ptr<Call>> calls_;
  bool cut_short_ = false;

  std::thread thread_;
};

}  // namespace

std::unique_ptr<Exporter> MakeOtlpExporter(const config::OtlpExporterConfig& config, Logger& logger,
                                           const Clock& clock) {
  return std::make_unique<OtlpExporter>(config, logger, clock);
}

}  // namespace tailrace

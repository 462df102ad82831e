#include "collector/exporters/threaded_exporter.h"

#include <utility>

#include "base/thread_name.h"

namespace tailrace {
namespace {

// A disk that stalls costs this much memory at most; then spans are dropped and counted.
constexpr uint64_t kQueueBytesMax = uint64_t{64} << 20;

config::QueueConfig WriterQueue() {
  config::QueueConfig queue;
  queue.sizer = config::QueueSizer::kBytes;
  queue.queue_size = kQueueBytesMax;
  queue.num_consumers = UINT32_MAX;  // one thread, which may gather as many batches as fit
  return queue;
}

}  // namespace

ThreadedExporter::ThreadedExporter(const config::ComponentId& id, config::Duration tick, Logger& logger,
                                   const Clock& clock)
    : name_(id.text),
      tick_(tick),
      logger_(logger),
      clock_(clock),
      queue_(WriterQueue(), config::RetryConfig{.enabled = false}, clock, 1),
      log_(id.text, logger, clock) {}

void ThreadedExporter::Offer(const ExportBatch& batch) {
  if (!queue_.Offer(batch)) {
    log_.QueueFull(batch.spans);
    return;
  }
  {
    std::lock_guard lock(mutex_);
    if (woken_) return;
    woken_ = true;
  }
  wake_.notify_one();
}

void ThreadedExporter::Stop(std::chrono::steady_clock::time_point deadline) {
  queue_.Close(INT64_MAX);
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    woken_ = true;
    stop_deadline_ = deadline;
  }
  wake_.notify_one();
  if (thread_.joinable()) {
    thread_.join();
  } else {
    queue_.DropQueued(DropReason::kShutdown);  // never started
  }
}

ExporterStats ThreadedExporter::Stats() const {
  ExporterStats stats;
  stats.exporter = name_;
  queue_.Fill(&stats);
  return stats;
}

void ThreadedExporter::StartThread() {
  thread_ = std::thread([this] { Run(); });
}

void ThreadedExporter::Join() {
  if (thread_.joinable()) Stop(std::chrono::steady_clock::now());
}

void ThreadedExporter::Done(QueuedBatch item, const SendResult& result) {
  const uint64_t spans = item.batch.spans;
  log_.Attempt(result, queue_.Finish(std::move(item), result), spans);
}

void ThreadedExporter::Sleep() {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, tick_, [this] { return woken_; });
  woken_ = false;
}

void ThreadedExporter::Run() {
  NameThisThread("exp-" + name_);
  int64_t ticked_ns = clock_.MonotonicNs();
  for (;;) {
    bool stopping = false;
    bool out_of_time = false;
    {
      std::lock_guard lock(mutex_);
      stopping = stopping_;
      out_of_time = stopping && std::chrono::steady_clock::now() >= stop_deadline_;
    }
    std::optional<QueuedBatch> item;
    if (!out_of_time) item = queue_.Take();
    if (item.has_value()) {
      Write(std::move(*item));
    } else if (stopping) {
      break;
    } else {
      Sleep();
    }
    if (clock_.MonotonicNs() - ticked_ns >= tick_.count()) {
      Tick();
      ticked_ns = clock_.MonotonicNs();
    }
  }
  uint64_t late = 0;
  for (const QueuedBatch& item : queue_.DropQueued(DropReason::kShutdown)) late += item.batch.spans;
  log_.Stopped(late);
  Tick();
}

}  // namespace tailrace

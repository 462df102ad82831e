#include "collector/exporters/export_log.h"

#include <utility>

namespace tailrace {
namespace {

std::string_view DropMessage(DropReason reason) {
  switch (reason) {
    case DropReason::kRetriesExhausted:
      return "Spans dropped: the backend did not take them within max_elapsed_time";
    case DropReason::kRefusedByBackend:
      return "Spans dropped: the backend refused them, a retry cannot help";
    case DropReason::kTooLarge:
      return "Spans dropped: a span is larger than the backend takes";
    case DropReason::kStorageFailed:
      return "Spans dropped: the queue's storage did not give them back";
    case DropReason::kWriteFailed:
      return "Spans dropped: they cannot be written";
    case DropReason::kShutdown:
      return "Spans dropped: not sent before the stop deadline";
    default:
      return "Spans dropped";
  }
}

}  // namespace

ExportLog::ExportLog(std::string component, Logger& logger, const Clock& clock)
    : component_(std::move(component)), logger_(logger), clock_(clock) {}

void ExportLog::QueueFull(uint64_t spans) {
  Failed(static_cast<size_t>(DropReason::kQueueFull), LogLevel::kError,
         "Spans dropped: the sending queue is full; raise sending_queue::queue_size or the backend's speed", "", spans);
}

void ExportLog::Attempt(const SendResult& result, const SendVerdict& verdict, uint64_t spans) {
  switch (verdict.fate) {
    case SendVerdict::Fate::kForwarded:
      Recovered();
      if (result.rejected_spans > 0 || !result.error.empty()) {
        Failed(static_cast<size_t>(DropReason::kPartialSuccess), LogLevel::kWarn,
               "Partial success: the backend rejected some spans", result.error, result.rejected_spans);
      }
      return;
    case SendVerdict::Fate::kWaiting:
      Failed(kRetrying, LogLevel::kWarn, "Export failed, will retry", result.error, spans);
      return;
    case SendVerdict::Fate::kDropped:
      Failed(static_cast<size_t>(verdict.reason), LogLevel::kError, DropMessage(verdict.reason), result.error, spans);
  }
}

void ExportLog::Cut(const SendResult& result, uint64_t spans) {
  const bool too_large = result.outcome == SendResult::Outcome::kTooLarge;
  Failed(kCut, LogLevel::kWarn,
         too_large ? "The backend finds a batch too large: sending it in two, and smaller ones from now on"
                   : "The backend refuses something in a batch: looking for it by halves",
         result.error, spans);
}

void ExportLog::DeadLettersFailed(std::string_view error, uint64_t spans) {
  Failed(kDeadLetters, LogLevel::kError, "Dead letters cannot be written", error, spans);
}

void ExportLog::Failed(size_t kind, LogLevel level, std::string_view message, std::string_view error, uint64_t spans) {
  uint64_t since = 0;
  {
    std::lock_guard lock(mutex_);
    Trouble& trouble = troubles_[kind];
    trouble.spans += spans;
    const int64_t now = clock_.MonotonicNs();
    if (trouble.on && now - trouble.logged_ns < kIntervalNs) return;
    trouble.on = true;
    trouble.logged_ns = now;
    since = std::exchange(trouble.spans, 0);
  }
  if (error.empty()) {
    logger_.Write(level, component_, message, {{"spans", std::to_string(since)}});
  } else {
    logger_.Write(level, component_, message, {{"error", std::string(error)}, {"spans", std::to_string(since)}});
  }
}

void ExportLog::Recovered() {
  bool was_on = false;
  {
    std::lock_guard lock(mutex_);
    for (const size_t kind : {size_t{kRetrying}, static_cast<size_t>(DropReason::kRetriesExhausted),
                              static_cast<size_t>(DropReason::kWriteFailed)}) {
      was_on |= std::exchange(troubles_[kind].on, false);
    }
    // Room again: the next time that it is full is logged, but not more often than the interval allows.
    Trouble& full = troubles_[static_cast<size_t>(DropReason::kQueueFull)];
    if (full.on && clock_.MonotonicNs() - full.logged_ns >= kIntervalNs) full.on = false;
  }
  if (was_on) logger_.Info(component_, "Export works again");
}

void ExportLog::Stopped(uint64_t dropped_spans) {
  if (dropped_spans == 0) return;
  logger_.Error(component_, DropMessage(DropReason::kShutdown), {{"spans", std::to_string(dropped_spans)}});
}

}  // namespace tailrace

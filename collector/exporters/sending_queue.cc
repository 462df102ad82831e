#include "collector/exporters/sending_queue.h"

#include <algorithm>
#include <utility>

namespace tailrace {
namespace {

// Without a queue only what is being sent has a place.
uint64_t CapacityOf(const config::QueueConfig& config) {
  return config.enabled ? config.queue_size : std::max(config.num_consumers, 1u);
}

}  // namespace

SendingQueue::SendingQueue(const config::QueueConfig& config, const config::RetryConfig& retry, const Clock& clock,
                           uint64_t seed)
    : sizer_(config.enabled ? config.sizer : config::QueueSizer::kRequests),
      capacity_(CapacityOf(config)),
      consumers_(std::max(config.num_consumers, 1u)),
      retry_(retry),
      clock_(clock),
      random_(static_cast<std::minstd_rand::result_type>(seed)) {}

uint64_t SendingQueue::SizeOf(const ExportBatch& batch) const {
  switch (sizer_) {
    case config::QueueSizer::kItems:
      return batch.spans;
    case config::QueueSizer::kBytes:
      return batch.payload->size();
    case config::QueueSizer::kRequests:
      break;
  }
  return 1;
}

bool SendingQueue::Offer(const ExportBatch& batch) {
  const uint64_t size = SizeOf(batch);
  std::lock_guard lock(mutex_);
  if (closed_ || size > capacity_ - used_) {
    account_.Refuse(batch.spans, closed_ ? DropReason::kShutdown : DropReason::kQueueFull);
    return false;
  }
  used_ += size;
  ++batches_;
  bytes_ += batch.payload->size();
  account_.Enqueue(batch.spans);
  fresh_.push_back(batch);
  return true;
}

std::optional<QueuedBatch> SendingQueue::Take() {
  std::lock_guard lock(mutex_);
  if (account_.in_flight_requests() >= consumers_) return std::nullopt;
  QueuedBatch item;
  if (!waiting_.empty() && waiting_.begin()->first <= clock_.MonotonicNs()) {
    item = std::move(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
  } else if (!fresh_.empty()) {
    item.batch = std::move(fresh_.front());
    item.first_attempt_ns = clock_.MonotonicNs();
    fresh_.pop_front();
  } else {
    return std::nullopt;
  }
  account_.Start(item.batch.spans);
  return item;
}

Verdict SendingQueue::Finish(QueuedBatch item, const SendResult& result) {
  std::lock_guard lock(mutex_);
  const uint64_t spans = item.batch.spans;
  if (!result.error.empty()) last_error_ = result.error;
  if (result.outcome == SendResult::Outcome::kForwarded) {
    account_.Forward(spans, result.rejected_spans);
    Release(item.batch);
    return {Verdict::Fate::kForwarded};
  }
  DropReason reason = result.reason;
  if (result.outcome == SendResult::Outcome::kRetry) {
    const int64_t now = clock_.MonotonicNs();
    const double random =
        static_cast<double>(random_() - random_.min()) / (static_cast<double>(random_.max() - random_.min()) + 1);
    const auto delay =
        retry_.NextDelay(item.retries, config::Duration(now - item.first_attempt_ns), result.retry_after, random);
    if (delay.has_value() && now + delay->count() <= deadline_ns_) {
      account_.Requeue(spans);
      ++item.retries;
      waiting_.emplace(now + delay->count(), std::move(item));
      return {Verdict::Fate::kWaiting, DropReason::kRetriesExhausted, *delay};
    }
    reason = delay.has_value() ? DropReason::kShutdown : DropReason::kRetriesExhausted;
  }
  account_.Drop(spans, reason);
  Release(item.batch);
  return {Verdict::Fate::kDropped, reason};
}

std::optional<int64_t> SendingQueue::NextDueNs() const {
  std::lock_guard lock(mutex_);
  if (account_.in_flight_requests() >= consumers_) return std::nullopt;
  if (!fresh_.empty()) return clock_.MonotonicNs();
  if (!waiting_.empty()) return waiting_.begin()->first;
  return std::nullopt;
}

void SendingQueue::Close(int64_t deadline_ns) {
  std::lock_guard lock(mutex_);
  closed_ = true;
  deadline_ns_ = deadline_ns;
  const auto too_late = waiting_.upper_bound(deadline_ns);
  for (auto at = too_late; at != waiting_.end(); ++at) {
    account_.DropQueued(at->second.batch.spans, DropReason::kShutdown);
    Release(at->second.batch);
  }
  waiting_.erase(too_late, waiting_.end());
}

uint64_t SendingQueue::DropQueued(DropReason reason) {
  std::lock_guard lock(mutex_);
  uint64_t spans = 0;
  const auto drop = [&](const ExportBatch& batch) {
    account_.DropQueued(batch.spans, reason);
    Release(batch);
    spans += batch.spans;
  };
  for (const ExportBatch& batch : fresh_) drop(batch);
  for (const auto& [due, item] : waiting_) drop(item.batch);
  fresh_.clear();
  waiting_.clear();
  return spans;
}

void SendingQueue::Release(const ExportBatch& batch) {
  used_ -= SizeOf(batch);
  --batches_;
  bytes_ -= batch.payload->size();
}

bool SendingQueue::idle() const {
  std::lock_guard lock(mutex_);
  return batches_ == 0;
}

void SendingQueue::Fill(ExporterStats* stats) const {
  std::lock_guard lock(mutex_);
  account_.Fill(stats);
  stats->queue_batches = batches_;
  stats->queue_bytes = bytes_;
  stats->queue_capacity = capacity_;
  stats->last_error = last_error_;
}

}  // namespace tailrace

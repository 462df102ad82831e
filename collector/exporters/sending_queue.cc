#include "collector/exporters/sending_queue.h"

#include <algorithm>
#include <utility>

namespace tailrace {
namespace {

// Without a queue only what is being sent has a place.
uint64_t CapacityOf(const config::QueueConfig& config) {
  return config.enabled ? config.queue_size : std::max(config.num_consumers, 1u);
}

uint64_t MemoryOf(const config::QueueConfig& config) {
  return config.memory_bytes_max != 0 ? config.memory_bytes_max : UINT64_MAX / 4;
}

}  // namespace

SendingQueue::SendingQueue(const config::QueueConfig& config, const config::RetryConfig& retry, const Clock& clock,
                           uint64_t seed)
    : sizer_(config.enabled ? config.sizer : config::QueueSizer::kRequests),
      capacity_(CapacityOf(config)),
      stored_in_memory_max_(std::min(kStoredInMemoryMax, MemoryOf(config) / 2)),
      evict_oldest_(config.overflow == config::QueueOverflow::kDropOldest),
      block_(config.block_on_overflow),
      retry_(retry),
      clock_(clock),
      gate_(std::max(config.num_consumers, 1u)),
      memory_only_max_(MemoryOf(config) - (config.storage.text.empty() ? 0 : stored_in_memory_max_)),
      random_(static_cast<std::minstd_rand::result_type>(seed)) {}

uint64_t SendingQueue::SizeOf(const QueuedBatch& item) const {
  switch (sizer_) {
    case config::QueueSizer::kItems:
      return item.batch.spans;
    case config::QueueSizer::kBytes:
      return item.bytes;
    case config::QueueSizer::kRequests:
      break;
  }
  return 1;
}

bool SendingQueue::Offer(const ExportBatch& batch) {
  QueuedBatch item{.batch = batch, .bytes = batch.payload->size()};
  const uint64_t size = SizeOf(item);
  const int64_t now = clock_.MonotonicNs();
  item.offered_ns = now;
  std::lock_guard lock(mutex_);
  intake_.Add(batch.spans, now);
  if (!closed_ && evict_oldest_) Evict(size, item.bytes);
  // A queue that blocks has some slack: what was kept before the receivers heard of it still comes.
  const uint64_t bound = block_ ? capacity_ + capacity_ / 4 + 1 : capacity_;
  const uint64_t bytes_bound = block_ ? memory_only_max_ + memory_only_max_ / 4 : memory_only_max_;
  const bool no_memory = batches_ > 0 && BytesInMemoryOnly() + item.bytes > bytes_bound;
  if (closed_ || used_ > bound || size > bound - used_ || no_memory) {
    account_.Refuse(batch.spans, closed_ ? DropReason::kShutdown : DropReason::kQueueFull);
    return false;
  }
  Hold(item);
  account_.Enqueue(batch.spans);
  (use_storage_ ? unstored_ : fresh_).push_back(std::move(item));
  return true;
}

std::optional<QueuedBatch> SendingQueue::Take() {
  std::lock_guard lock(mutex_);
  const int64_t now = clock_.MonotonicNs();
  if (leaving_) return std::nullopt;
  if (!gate_.Open(account_.in_flight_requests(), now)) return std::nullopt;
  QueuedBatch item;
  if (!waiting_.empty() && waiting_.begin()->first <= now) {
    item = std::move(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
  } else if (!fresh_.empty()) {
    item = std::move(fresh_.front());
    if (item.stored != nullptr && item.batch.payload != nullptr) stored_in_memory_ -= item.bytes;
    if (item.first_attempt_ns == 0) item.first_attempt_ns = now;
    fresh_.pop_front();
  } else {
    return std::nullopt;
  }
  account_.Start(item.batch.spans);
  gate_.Started(item.batch.spans, now);
  return item;
}

SendVerdict SendingQueue::Finish(QueuedBatch item, const SendResult& result) {
  std::lock_guard lock(mutex_);
  const uint64_t spans = item.batch.spans;
  const int64_t now = clock_.MonotonicNs();
  if (!result.error.empty()) last_error_ = result.error;
  if (result.outcome == SendResult::Outcome::kForwarded) {
    account_.Forward(spans, result.rejected_spans);
    Release(item);
    gate_.Succeeded(now, account_.queued(), intake_.PerSecond(now));
    if (account_.queued() == 0) gate_.CaughtUp();
    return {SendVerdict::Fate::kForwarded};
  }
  DropReason reason = result.reason;
  if (result.outcome == SendResult::Outcome::kRetry && leaving_ && !closed_) {
    account_.Requeue(spans);
    fresh_.push_back(std::move(item));
    return {SendVerdict::Fate::kWaiting};
  }
  if (result.outcome == SendResult::Outcome::kRetry && leaving_) {
    reason = DropReason::kShutdown;
  } else if (result.outcome == SendResult::Outcome::kRetry) {
    const double random =
        static_cast<double>(random_() - random_.min()) / (static_cast<double>(random_.max() - random_.min()) + 1);
    const auto delay =
        retry_.NextDelay(item.retries, config::Duration(now - item.first_attempt_ns), result.retry_after, random);
    if (delay.has_value()) gate_.Failed(now, delay->count(), result.retry_after.has_value());
    if (delay.has_value() && now + delay->count() <= deadline_ns_ && !StaysInStorage(item)) {
      account_.Requeue(spans);
      ++item.retries;
      waiting_.emplace(now + delay->count(), std::move(item));
      return {SendVerdict::Fate::kWaiting, DropReason::kRetriesExhausted, *delay};
    }
    reason = delay.has_value() ? DropReason::kShutdown : DropReason::kRetriesExhausted;
  }
  if (StaysInStorage(item) && reason == DropReason::kShutdown) {
    account_.Requeue(spans);
    return {SendVerdict::Fate::kWaiting, reason};
  }
  account_.Drop(spans, reason);
  Release(item);
  return {SendVerdict::Fate::kDropped, reason};
}

void SendingQueue::FinishInPieces(QueuedBatch item, std::vector<ExportBatch> pieces, bool was_sent) {
  std::lock_guard lock(mutex_);
  account_.Split(item.batch.spans, was_sent);
  if (StaysInStorage(item)) return;
  if (item.stored != nullptr) item.stored->pieces += static_cast<uint32_t>(pieces.size());
  for (size_t i = pieces.size(); i-- > 0;) {
    QueuedBatch piece = item;
    piece.retries = 0;
    piece.batch = std::move(pieces[i]);
    piece.bytes = piece.batch.payload->size();
    Hold(piece);
    if (piece.stored != nullptr) stored_in_memory_ += piece.bytes;
    fresh_.push_front(std::move(piece));
  }
  Release(item);
}

std::optional<int64_t> SendingQueue::NextDueNs() const {
  std::lock_guard lock(mutex_);
  if (leaving_ || account_.in_flight_requests() >= gate_.allowed()) return std::nullopt;
  const int64_t now = clock_.MonotonicNs();
  if (!fresh_.empty()) return std::max(now, gate_.OpensNs(now));
  if (!waiting_.empty()) return std::max(waiting_.begin()->first, gate_.OpensNs(now));
  return std::nullopt;
}

void SendingQueue::Close(int64_t deadline_ns) {
  std::lock_guard lock(mutex_);
  closed_ = true;
  deadline_ns_ = deadline_ns;
  std::erase_if(fresh_, [this](const QueuedBatch& item) { return StaysInStorage(item); });
  std::erase_if(waiting_, [this](const auto& waiting) { return StaysInStorage(waiting.second); });
  const auto too_late = waiting_.upper_bound(deadline_ns);
  for (auto at = too_late; at != waiting_.end(); ++at) {
    account_.DropQueued(at->second.batch.spans, DropReason::kShutdown);
    Release(at->second);
  }
  waiting_.erase(too_late, waiting_.end());
}

std::vector<QueuedBatch> SendingQueue::DropQueued(DropReason reason) {
  std::lock_guard lock(mutex_);
  std::vector<QueuedBatch> dropped;
  const auto drop = [&](QueuedBatch& item) {
    if (StaysInStorage(item)) return;
    account_.DropQueued(item.batch.spans, reason);
    Release(item);
    dropped.push_back(std::move(item));
  };
  for (QueuedBatch& item : unstored_) drop(item);
  for (QueuedBatch& item : fresh_) drop(item);
  for (auto& [due, item] : waiting_) drop(item);
  unstored_.clear();
  fresh_.clear();
  waiting_.clear();
  return dropped;
}

void SendingQueue::Leave() {
  std::lock_guard lock(mutex_);
  leaving_ = true;
  for (auto& [due, item] : waiting_) fresh_.push_back(std::move(item));
  waiting_.clear();
}

std::vector<ExportBatch> SendingQueue::Withdraw() {
  std::lock_guard lock(mutex_);
  std::vector<ExportBatch> batches;
  uint64_t bytes = 0;
  while (leaving_ && !fresh_.empty()) {
    QueuedBatch& oldest = fresh_.front();
    const bool fits =
        batches.empty() || (bytes + oldest.bytes <= kWithdrawnBytesMax && oldest.batch.hops == batches.front().hops);
    if (!fits) break;
    bytes += oldest.bytes;
    account_.Withdraw(oldest.batch.spans);
    Release(oldest);
    batches.push_back(std::move(oldest.batch));
    fresh_.pop_front();
  }
  return batches;
}

void SendingQueue::LimitMemory(uint64_t bytes) {
  std::lock_guard lock(mutex_);
  memory_only_max_ = bytes;
  UpdateFull();
}

void SendingQueue::Hold(const QueuedBatch& item) {
  used_ += SizeOf(item);
  ++batches_;
  bytes_ += item.bytes;
  if (item.stored != nullptr) stored_bytes_ += item.bytes;
  offered_ns_.insert(item.offered_ns);
  UpdateFull();
}

void SendingQueue::Release(const QueuedBatch& item) {
  used_ -= SizeOf(item);
  --batches_;
  bytes_ -= item.bytes;
  if (item.stored != nullptr) {
    stored_bytes_ -= item.bytes;
    if (--item.stored->pieces == 0) removals_.push_back(item.stored->id);
  }
  offered_ns_.erase(offered_ns_.find(item.offered_ns));
  UpdateFull();
}

void SendingQueue::Evict(uint64_t size, uint64_t bytes) {
  while ((used_ + size > capacity_ || BytesInMemoryOnly() + bytes > memory_only_max_) && !fresh_.empty()) {
    const QueuedBatch& oldest = fresh_.front();
    account_.DropQueued(oldest.batch.spans, DropReason::kQueueEvicted);
    if (oldest.stored != nullptr && oldest.batch.payload != nullptr) stored_in_memory_ -= oldest.bytes;
    Release(oldest);
    fresh_.pop_front();
  }
}

void SendingQueue::UpdateFull() {
  if (block_) full_.store(used_ >= capacity_ || BytesInMemoryOnly() >= memory_only_max_, std::memory_order_relaxed);
}

bool SendingQueue::idle() const {
  std::lock_guard lock(mutex_);
  return account_.in_flight_requests() == 0 && unstored_.empty() && waiting_.empty() && fresh_.empty();
}

void SendingQueue::Fill(ExporterStats* stats) const {
  std::lock_guard lock(mutex_);
  account_.Fill(stats);
  const int64_t now = clock_.MonotonicNs();
  stats->queue_batches = batches_;
  stats->queue_bytes = bytes_;
  stats->stored_bytes = stored_bytes_;
  stats->queue_capacity = capacity_;
  stats->queue_full = std::max(static_cast<double>(used_) / static_cast<double>(capacity_),
                               static_cast<double>(BytesInMemoryOnly()) / static_cast<double>(memory_only_max_));
  stats->state = gate_.state(now);
  stats->last_error = last_error_;
  if (!offered_ns_.empty()) stats->oldest_item_s = static_cast<double>(now - *offered_ns_.begin()) / 1e9;
}

void SendingQueue::UseStorage(const std::vector<StoredBatch>& recovered) {
  std::lock_guard lock(mutex_);
  use_storage_ = true;
  for (const StoredBatch& found : recovered) {
    QueuedBatch item{.batch = {.spans = found.spans, .traces = found.traces}, .bytes = found.bytes};
    item.stored = std::make_shared<StoredPlace>(StoredPlace{found.id});
    item.offered_ns = clock_.MonotonicNs();
    Hold(item);
    account_.Recover(found.spans);
    fresh_.push_back(std::move(item));
  }
}

std::vector<QueuedBatch> SendingQueue::TakeUnstored(uint64_t bytes_max) {
  std::lock_guard lock(mutex_);
  std::vector<QueuedBatch> taken;
  uint64_t bytes = 0;
  while (!unstored_.empty() && (taken.empty() || bytes + unstored_.front().bytes <= bytes_max)) {
    bytes += unstored_.front().bytes;
    taken.push_back(std::move(unstored_.front()));
    unstored_.pop_front();
  }
  return taken;
}

void SendingQueue::Stored(std::vector<QueuedBatch> batches, const std::vector<uint64_t>& ids) {
  std::lock_guard lock(mutex_);
  for (size_t i = 0; i < batches.size(); ++i) {
    QueuedBatch& item = batches[i];
    const bool room = stored_in_memory_ + item.bytes <= stored_in_memory_max_;
    if (!ids.empty()) {
      item.stored = std::make_shared<StoredPlace>(StoredPlace{ids[i]});
      stored_bytes_ += item.bytes;
      if (room) {
        stored_in_memory_ += item.bytes;
      } else {
        item.batch.payload.reset();
      }
    } else if (BytesInMemoryOnly() > std::min(kStoredInMemoryMax, memory_only_max_)) {
      account_.DropQueued(item.batch.spans, DropReason::kStorageFailed);
      Release(item);
      continue;
    }
    if (!StaysInStorage(item)) fresh_.push_back(std::move(item));
  }
}

std::vector<uint64_t> SendingQueue::TakeRemovals() {
  std::lock_guard lock(mutex_);
  return std::exchange(removals_, {});
}

}  // namespace tailrace

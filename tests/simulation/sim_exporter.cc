#include "tests/simulation/sim_exporter.h"

#include <algorithm>

namespace tailrace::simulation {

void SimExporter::Offer(const ExportBatch& batch) {
  offered_.push_back(batch);
  received_ += batch.spans;
  const uint64_t capacity = plan_.queue.queue_size;
  const bool evicts = plan_.queue.overflow == config::QueueOverflow::kDropOldest;
  while (evicts && held_ + 1 > capacity && !fresh_.empty()) {
    const Id oldest = fresh_.front();
    fresh_.pop_front();
    Count(DropReason::kQueueEvicted, known_[oldest].spans);
    Forget(oldest);
  }
  // What was kept before the receivers heard that the queue is full still comes.
  const uint64_t bound = plan_.queue.block_on_overflow ? capacity + capacity / 4 + 1 : capacity;
  const bool room = held_ < bound;
  if (room) {
    known_[batch.payload.get()] = {batch.spans, std::nullopt};
    fresh_.push_back(batch.payload.get());
    ++held_;
  } else {
    Count(DropReason::kQueueFull, batch.spans);
  }
  if (queue_.Offer(batch) != room) story_->Fail(name_ + ": there is room, and no batch is taken, or the other way");
}

void SimExporter::Forget(Id id) {
  known_.erase(id);
  --held_;
}

void SimExporter::Take() {
  std::optional<QueuedBatch> item = queue_.Take();
  if (!item.has_value()) return;
  const Id id = item->batch.payload.get();
  const auto at = known_.find(id);
  if (at == known_.end()) {
    story_->Fail(name_ + ": a batch is sent that was not queued, or not any more");
    return;
  }
  if (at->second.due_ns.has_value()) {
    if (*at->second.due_ns > clock_.MonotonicNs())
      story_->Fail(name_ + ": a batch is sent again before its pause is over");
    at->second.due_ns.reset();
  } else if (fresh_.empty() || fresh_.front() != id) {
    story_->Fail(name_ + ": batches are sent out of turn, or twice");
    return;
  } else {
    fresh_.pop_front();
  }
  in_flight_.push_back(std::move(*item));
}

void SimExporter::Answer(Chance* chance) {
  const auto at = in_flight_.begin() + static_cast<int64_t>(chance->Below(in_flight_.size()));
  QueuedBatch item = std::move(*at);
  in_flight_.erase(at);
  const Id id = item.batch.payload.get();
  const uint64_t spans = item.batch.spans;
  SendResult result;
  const uint64_t answer = chance->Below(10);
  if (answer == 0) result = {.outcome = SendResult::Outcome::kDropped, .reason = DropReason::kRefusedByBackend};
  if (answer == 1 || answer == 2) result.outcome = SendResult::Outcome::kRetry;
  if (answer == 3) result.rejected_spans = chance->Below(spans + 1);
  const SendVerdict verdict = queue_.Finish(std::move(item), result);
  switch (verdict.fate) {
    case SendVerdict::Fate::kForwarded:
      if (result.outcome != SendResult::Outcome::kForwarded) story_->Fail(name_ + ": a failure counts as forwarded");
      forwarded_ += spans - result.rejected_spans;
      Count(DropReason::kPartialSuccess, result.rejected_spans);
      Forget(id);
      return;
    case SendVerdict::Fate::kWaiting:
      if (result.outcome != SendResult::Outcome::kRetry || !plan_.retry.enabled)
        story_->Fail(name_ + ": waits in vain");
      known_[id].due_ns = clock_.MonotonicNs() + verdict.delay.count();
      return;
    case SendVerdict::Fate::kDropped:
      if (answer > 2 || (answer == 0 && verdict.reason != DropReason::kRefusedByBackend) ||
          (answer != 0 && verdict.reason == DropReason::kShutdown && !closed_)) {
        story_->Fail(name_ + ": a batch is dropped for a reason that is not so");
      }
      Count(verdict.reason, spans);
      Forget(id);
  }
}

void SimExporter::BackendStep(Chance* chance) {
  if (chance->OneIn(2)) Take();
  if (!in_flight_.empty() && chance->OneIn(2)) Answer(chance);
}

void SimExporter::End(Chance* chance, SimClock* clock, int64_t deadline_ns) {
  queue_.Close(deadline_ns);
  closed_ = true;
  std::erase_if(known_, [&](const auto& known) {
    const bool too_late = known.second.due_ns.has_value() && *known.second.due_ns > deadline_ns;
    if (too_late) Count(DropReason::kShutdown, known.second.spans);
    held_ -= too_late ? 1 : 0;
    return too_late;
  });
  while (!story_->failed() && clock->MonotonicNs() <= deadline_ns && !queue_.idle()) {
    Take();
    if (!in_flight_.empty()) {
      Answer(chance);
    } else if (const auto due_ns = queue_.NextDueNs(); due_ns.has_value()) {
      clock->AdvanceTo(std::max(*due_ns, clock->MonotonicNs() + 1));
    } else if (!queue_.idle()) {
      story_->Fail(name_ + ": nothing is on its way, and nothing is ever due");
    }
  }
  while (!in_flight_.empty() && !story_->failed()) Answer(chance);
  for (const QueuedBatch& item : queue_.DropQueued(DropReason::kShutdown)) {
    Count(DropReason::kShutdown, item.batch.spans);
    Forget(item.batch.payload.get());
  }
  fresh_.clear();
  Check();
  if (held_ != 0 || !known_.empty()) story_->Fail(name_ + ": batches are left behind at the end");
}

void SimExporter::Check() {
  const ExporterStats stats = Stats();
  uint64_t queued = 0, in_flight = 0;
  for (const auto& [id, known] : known_) queued += known.spans;
  for (const QueuedBatch& item : in_flight_) in_flight += item.batch.spans;
  queued -= in_flight;
  if (stats.received_spans != received_ || stats.forwarded_spans != forwarded_ || stats.dropped_spans != dropped_ ||
      stats.queued_spans != queued || stats.in_flight_spans != in_flight || stats.queue_batches != held_) {
    story_->Fail(name_ + ": the queue's account is not the model's");
  }
  if (queue_.full() != should_be_full()) story_->Fail(name_ + ": says that it is full, or that it is not");
}

ExporterStats SimExporter::Stats() const {
  ExporterStats stats;
  stats.exporter = name_;
  queue_.Fill(&stats);
  return stats;
}

}  // namespace tailrace::simulation

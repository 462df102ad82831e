// SendingQueue: the bounded place between Offer() and an exporter's own thread, with retries and the account.
//
//   any thread:          Offer()
//   the exporter's:      while (auto item = queue.Take()) send it; ... queue.Finish(item, result), or
//                        queue.FinishInPieces(item, its halves)
//   the storage's, where there is one (stored_queue.h): TakeUnstored() -> write -> Stored(); TakeRemovals() -> erase
//
// A batch holds its place from Offer() to the end, also while it is in flight or waits for its next attempt; so what is
// held never exceeds queue_size, and a batch that failed never loses its place to a fresh one. A batch that waits
// occupies no consumer: the others go past it. How many are under way at a time is the SendGate's to say.
//
// Guarded: one mutex over everything; it is never held while something is sent, read or written. The clock and the
// randomness come in from outside.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "collector/exporters/batch_store.h"
#include "collector/exporters/exporter.h"
#include "collector/exporters/exporter_account.h"
#include "collector/exporters/queued_batch.h"
#include "collector/exporters/rate_meter.h"
#include "collector/exporters/retry_policy.h"
#include "collector/exporters/send_gate.h"
#include "collector/exporters/send_result.h"
#include "config/model.h"

namespace tailrace {

// What became of a batch after an attempt.
struct SendVerdict {
  enum class Fate : uint8_t { kForwarded, kWaiting, kDropped };
  Fate fate = Fate::kForwarded;
  DropReason reason = DropReason::kRefusedByBackend;  // kDropped
  config::Duration delay{0};                          // kWaiting
};

class SendingQueue {
 public:
  // Payloads that are in the storage too stay in memory up to this, so that what is sent soon need not be read.
  static constexpr uint64_t kStoredInMemoryMax = uint64_t{64} << 20;

  // What is withdrawn at a time travels on as one batch; far below what a backend takes in a request.
  static constexpr uint64_t kWithdrawnBytesMax = uint64_t{1} << 20;

  SendingQueue(const config::QueueConfig& config, const config::RetryConfig& retry, const Clock& clock, uint64_t seed);

  // False where there was no room, by queue_size or by memory: the spans are counted as kQueueFull (after Close() as
  // kShutdown), or those of the oldest batches as kQueueEvicted.
  bool Offer(const ExportBatch& batch);

  // The next batch to send: one whose pause is over, else a fresh one. None where there is none or the gate is closed.
  // Every batch taken must be given to Finish() or FinishInPieces(). Its payload is null where it is in the storage
  // only.
  std::optional<QueuedBatch> Take();
  SendVerdict Finish(QueuedBatch item, const SendResult& result);
  // The pieces take the place of `item` and are next. `was_sent`: the backend has seen it.
  void FinishInPieces(QueuedBatch item, std::vector<ExportBatch> pieces, bool was_sent);

  // When Take() could next succeed without anybody else's doing, on the clock; none: only after an Offer() or a
  // Finish().
  std::optional<int64_t> NextDueNs() const;

  // Begins the end: what would have to wait beyond `deadline_ns` is dropped as kShutdown at once; the rest may be
  // taken, but for what is in the storage: it stays there.
  void Close(int64_t deadline_ns);
  // Everything that is queued or waits is taken out and dropped, but for what is in the storage.
  std::vector<QueuedBatch> DropQueued(DropReason reason);

  // The backend is no more, or not known yet: nothing is sent. What is here, what is offered still, and what comes back
  // from attempts under way waits for Withdraw().
  void Leave();
  // After Leave(): gives up the oldest batches, as if they had never been offered: one, or so many of equal hops that
  // they are kWithdrawnBytesMax together. Empty: there is none (yet).
  std::vector<ExportBatch> Withdraw();
  // From now on, for what is to come; `bytes` of payloads in memory. Only for a queue without a storage.
  void LimitMemory(uint64_t bytes);

  // Nothing under way, and nothing queued that Take() would still give out.
  bool idle() const;
  // At its bound, with block_on_overflow. Any thread, no lock.
  bool full() const { return full_.load(std::memory_order_relaxed); }
  // All but the exporter's name and address. queue_batches and queue_bytes are the places held, in flight included.
  void Fill(ExporterStats* stats) const;

  // --- with a storage ---
  // From now on Take() gives out only what was Stored(). Before the first Offer().
  void UseStorage(const std::vector<StoredBatch>& recovered);
  // Moves out what is to be written, `bytes_max` or the first one; empty: nothing is.
  std::vector<QueuedBatch> TakeUnstored(uint64_t bytes_max);
  // `ids` of each, in their order; empty: it could not be written, and stays in memory as far as there is room.
  void Stored(std::vector<QueuedBatch> batches, const std::vector<uint64_t>& ids);
  std::vector<uint64_t> TakeRemovals();

 private:
  uint64_t SizeOf(const QueuedBatch& item) const;
  void Hold(const QueuedBatch& item);     // a place for it
  void Release(const QueuedBatch& item);  // its place
  // Of the oldest fresh ones, until there is room for one of `size` and `bytes`.
  void Evict(uint64_t size, uint64_t bytes);
  // Payloads that are in memory and nowhere else.
  uint64_t BytesInMemoryOnly() const { return bytes_ - stored_bytes_; }
  void UpdateFull();
  // Until the next start; its place here stays counted.
  bool StaysInStorage(const QueuedBatch& item) const { return closed_ && item.stored != nullptr; }

  // Immutable.
  const config::QueueSizer sizer_;
  const uint64_t capacity_;
  const uint64_t stored_in_memory_max_;
  const bool evict_oldest_;
  const bool block_;
  const RetryPolicy retry_;
  const Clock& clock_;
  std::atomic<bool> full_{false};

  // Guarded by mutex_.
  mutable std::mutex mutex_;
  SendGate gate_;
  mutable RateMeter intake_;  // spans
  ExporterAccount account_;
  bool use_storage_ = false;
  uint64_t memory_only_max_;
  std::deque<QueuedBatch> unstored_;
  std::deque<QueuedBatch> fresh_;
  std::multimap<int64_t, QueuedBatch> waiting_;  // by the time at which the pause is over
  std::vector<uint64_t> removals_;
  std::multiset<int64_t> offered_ns_;  // of everything held
  uint64_t used_ = 0;                  // in units of sizer_
  uint64_t batches_ = 0;
  uint64_t bytes_ = 0;
  uint64_t stored_bytes_ = 0;
  uint64_t stored_in_memory_ = 0;  // bytes of payloads in fresh_ that are stored too, or could not be
  bool closed_ = false;
  bool leaving_ = false;
  int64_t deadline_ns_ = INT64_MAX;
  std::string last_error_;
  std::minstd_rand random_;
};

}  // namespace tailrace

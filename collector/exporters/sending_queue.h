// SendingQueue: the bounded place between Offer() and an exporter's own thread, with retries and the account.
//
//   any thread:          Offer()
//   the exporter's:      while (auto item = queue.Take()) send it; ... queue.Finish(item, result)
//
// A batch holds its place from Offer() to the end, also while it is in flight or waits for its next attempt; so what is
// in memory never exceeds queue_size, and a batch that failed never loses its place to a fresh one. A batch that waits
// occupies no consumer: the others go past it.
//
// Guarded: one mutex over everything; it is never held while something is sent. The clock and the randomness come in
// from outside.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>

#include "base/clock.h"
#include "collector/exporters/exporter.h"
#include "collector/exporters/exporter_account.h"
#include "collector/exporters/retry_policy.h"
#include "config/model.h"

namespace tailrace {

// How one attempt ended.
struct SendResult {
  enum class Outcome : uint8_t { kForwarded, kRetry, kDropped };
  Outcome outcome = Outcome::kForwarded;
  uint64_t rejected_spans = 0;                        // kForwarded: the backend took the rest
  DropReason reason = DropReason::kRefusedByBackend;  // kDropped
  std::optional<config::Duration> retry_after;        // kRetry: what the backend asks for
  std::string error;                                  // in words; empty: none
};

struct QueuedBatch {
  ExportBatch batch;
  uint32_t retries = 0;
  int64_t first_attempt_ns = 0;
};

// What became of a batch after an attempt.
struct Verdict {
  enum class Fate : uint8_t { kForwarded, kWaiting, kDropped };
  Fate fate = Fate::kForwarded;
  DropReason reason = DropReason::kRefusedByBackend;  // kDropped
  config::Duration delay{0};                          // kWaiting
};

class SendingQueue {
 public:
  SendingQueue(const config::QueueConfig& config, const config::RetryConfig& retry, const Clock& clock, uint64_t seed);

  // False where there was no room: the spans are counted as kQueueFull (after Close() as kShutdown).
  bool Offer(const ExportBatch& batch);

  // The next batch to send: one whose pause is over, else a fresh one. None where there is none or all consumers are
  // busy. Every batch taken must be given to Finish().
  std::optional<QueuedBatch> Take();
  Verdict Finish(QueuedBatch item, const SendResult& result);

  // When Take() could next succeed without anybody else's doing, on the clock; none: only after an Offer() or a
  // Finish().
  std::optional<int64_t> NextDueNs() const;

  // Begins the end: what would have to wait beyond `deadline_ns` is dropped as kShutdown at once; the rest may be
  // taken.
  void Close(int64_t deadline_ns);
  // Everything that is queued or waits is dropped; returns the spans.
  uint64_t DropQueued(DropReason reason);

  // Nothing queued, nothing in flight.
  bool idle() const;
  // All but the exporter's name and address. queue_batches and queue_bytes are the places held, in flight included.
  void Fill(ExporterStats* stats) const;

 private:
  uint64_t SizeOf(const ExportBatch& batch) const;
  void Release(const ExportBatch& batch);  // its place

  // Immutable.
  const config::QueueSizer sizer_;
  const uint64_t capacity_;
  const uint64_t consumers_;
  const RetryPolicy retry_;
  const Clock& clock_;

  // Guarded by mutex_.
  mutable std::mutex mutex_;
  ExporterAccount account_;
  std::deque<ExportBatch> fresh_;
  std::multimap<int64_t, QueuedBatch> waiting_;  // by the time at which the pause is over
  uint64_t used_ = 0;                            // in units of sizer_
  uint64_t batches_ = 0;
  uint64_t bytes_ = 0;
  bool closed_ = false;
  int64_t deadline_ns_ = INT64_MAX;
  std::string last_error_;
  std::minstd_rand random_;
};

}  // namespace tailrace

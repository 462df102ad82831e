// ExporterAccount: where every span that an exporter was offered is, from Offer() to the end.
//
// Invariant, after every call: received + recovered = forwarded + sum(dropped) + queued + in_flight.
//
// Plain counters. Guarded: SendingQueue, which owns it, calls everything under its mutex.
#pragma once

#include <cstdint>

#include "collector/telemetry/snapshot.h"

namespace tailrace {

class ExporterAccount {
 public:
  // Offered, and there was no room.
  void Refuse(uint64_t spans, DropReason reason);
  void Enqueue(uint64_t spans);
  // Queued, and given up as if it had never been offered.
  void Withdraw(uint64_t spans);
  // Was in the queue's storage when the daemon started.
  void Recover(uint64_t spans);
  // Queued to in flight, and back to wait for a retry, or in pieces.
  void Start(uint64_t spans);
  void Requeue(uint64_t spans);
  // `was_sent`: the backend has seen it and did not take it whole.
  void Split(uint64_t spans, bool was_sent);
  // In flight to the end. `rejected` of them, spans at most, are dropped as kPartialSuccess.
  void Forward(uint64_t spans, uint64_t rejected);
  void Drop(uint64_t spans, DropReason reason);
  void DropQueued(uint64_t spans, DropReason reason);

  uint64_t in_flight_requests() const { return in_flight_requests_; }
  uint64_t queued() const { return queued_; }
  void Fill(ExporterStats* stats) const;

 private:
  uint64_t& dropped(DropReason reason) { return dropped_[static_cast<size_t>(reason)]; }

  uint64_t received_ = 0;
  uint64_t recovered_ = 0;
  uint64_t forwarded_ = 0;
  DropCounts dropped_{};
  uint64_t queued_ = 0;
  uint64_t in_flight_ = 0;
  uint64_t in_flight_requests_ = 0;
  uint64_t requests_ok_ = 0;
  uint64_t requests_failed_ = 0;
  uint64_t retries_ = 0;
  uint64_t splits_ = 0;
};

}  // namespace tailrace

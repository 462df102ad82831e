// Exporter: where kept spans leave the straight line (DESIGN: Sink). One narrow interface between the shards' threads
// and the exporters' own.
//
// Contract, the same for every exporter (tests/collector/exporter_contract.h):
//  1. Offer() never blocks and never throws. It takes the batch (a place in a bounded queue), or counts every one of
//     its spans as dropped{queue_full}; either way the spans are the exporter's to account for from then on.
//  2. received = forwarded + sum(dropped) + queued + in_flight in every Stats(), also while it works.
//  3. Stop() flushes what is queued until `deadline`, counts the rest as dropped{shutdown}, joins its threads, and may
//  be
//     called once. Offer() is not called after Stop() began.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "collector/telemetry/snapshot.h"

namespace tailrace {

// Some whole traces as one serialized ExportTraceServiceRequest; shared by all exporters of a pipeline, never copied.
struct ExportBatch {
  std::shared_ptr<const std::string> payload;
  uint32_t spans = 0;
  uint32_t traces = 0;
};

class Exporter {
 public:
  virtual ~Exporter() = default;
  // Opens files, makes channels, starts threads. An error here stops the daemon's start, with the reason in words.
  // A backend that is not there is no error: it is retried.
  [[nodiscard]] virtual absl::Status Start() = 0;
  // Any thread.
  virtual void Offer(const ExportBatch& batch) = 0;
  virtual void Stop(std::chrono::steady_clock::time_point deadline) = 0;
  // Any thread, no lock: at its bound, and configured to hold the pipelines up (`block_on_overflow`): the receivers ask
  // their clients to come back later until it has room.
  virtual bool full() const { return false; }
  // Any thread; one consistent set of values.
  virtual ExporterStats Stats() const = 0;
};

}  // namespace tailrace

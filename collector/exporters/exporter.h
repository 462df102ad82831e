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
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "base/trace_id.h"
#include "collector/exporters/send_result.h"
#include "collector/telemetry/snapshot.h"

namespace tailrace {

// Some whole traces as one serialized ExportTraceServiceRequest; shared by all exporters of a pipeline, never copied.
struct ExportBatch {
  std::shared_ptr<const std::string> payload;
  uint32_t spans = 0;
  uint32_t traces = 0;
  // Of a pipeline that asked the exporter's TraceRouter: all spans belong to its owner number `owner`.
  uint64_t routed_by = 0;  // TraceRouter::generation(); 0: nobody was asked
  uint32_t owner = 0;
  uint8_t hops = 0;  // how often its spans had been routed when they came
};

// Who shall have which trace, as an exporter that routes sees it at one moment. Immutable.
class TraceRouter {
 public:
  virtual ~TraceRouter() = default;
  // Not 0; no other router of the process has it.
  virtual uint64_t generation() const = 0;
  virtual uint32_t owners() const = 0;
  // Below owners().
  virtual uint32_t OwnerOf(const TraceId& trace_id) const = 0;
  // Below owners(): this process is that owner, and its pipelines take what is its own without an exporter.
  virtual bool is_own(uint32_t /*owner*/) const { return false; }
};

// A batch of spans that belong to this process, to its own pipelines; the spans are theirs where it was kForwarded.
using TakeOwn = std::function<SendResult(const ExportBatch& batch)>;

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
  // Whether what it is offered is routed by trace, so that a pipeline that does not sample does well to gather it by
  // owner; a batch that was gathered by an older router is routed anew.
  virtual bool routes() const { return false; }
  // Any thread. Null: there is nobody to route to (yet), or it does not route.
  virtual std::shared_ptr<const TraceRouter> router() const { return nullptr; }
  // Any thread, no lock: of router(); another one says that router() has changed. 0: null.
  virtual uint64_t router_generation() const { return 0; }
  // Where a connector that routes: batches that turn out to be this process's own after they were offered go there,
  // from threads of the exporter's. By one thread: once before anything is offered, and with null before Stop().
  virtual void GiveOwnTo(TakeOwn /*take*/) {}
  // Nothing of that kind waits.
  virtual bool own_settled() const { return true; }
  // Any thread; one consistent set of values.
  virtual ExporterStats Stats() const = 0;
};

}  // namespace tailrace

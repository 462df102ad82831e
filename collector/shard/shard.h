// Shard: one thread that shares nothing. It owns its connections' requests from the last byte read to the decision: the
// scan, its part of every pipeline's traces, their memory, its timers and its counters.
//
// A trace belongs to the shard chosen by the keyed hash of its id; runs of traces that belong elsewhere are handed over
// through one ring for each ordered pair of shards. A request is taken whole or refused whole: room in every ring it
// needs is asked for before anything is placed.
//
// Ownership: single-writer, all of it, but for the rings (see hand_over.h), wake_pending_, blocked_, and what is marked
// 'any thread'. Order of life: construct all, Connect() each, Start() each; at the end Stop() each.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <thread>
#include <vector>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/hash.h"
#include "collector/shard/arrival_counts.h"
#include "collector/shard/block_pool.h"
#include "collector/shard/hand_over.h"
#include "collector/shard/ingest.h"
#include "collector/shard/shard_pipeline.h"
#include "collector/telemetry/snapshot.h"

namespace boost::asio {
class io_context;
}

namespace tailrace {

class Shard final : public Ingest {
 public:
  // Of one receiver: what becomes of its spans where it feeds exporters that route.
  struct Routing {
    uint8_t hops_max = UINT8_MAX;  // spans that were routed more often are refused
    int32_t pipeline = -1;         // its exporter is a connector that routes; -1: there is none
    uint32_t source = 0;           // the connector's
  };
  struct Options {
    uint32_t index = 0;
    uint32_t shard_count = 1;
    uint32_t receiver_count = 1;
    // Source -> the pipelines it feeds, as indices into `pipelines`. Sources are the receivers and, behind them, the
    // connectors that route: what is this process's own of what their pipelines get.
    std::vector<std::vector<uint32_t>> routes;
    std::vector<Routing> routing;  // by receiver; empty: nothing is routed
    std::vector<ShardPipeline::Options> pipelines;
    ArrivalCounts::Options arrivals;
    uint64_t buffer_bytes = 0;
    uint64_t block_bytes = 0;
    uint64_t ring_slot_bytes = uint64_t{64} << 10;
    uint32_t request_runs_max = UINT32_MAX;  // see MemoryPlan
    TraceIdHasher hasher;
    bool prefault = true;
  };

  Shard(const Options& options, const Clock& clock);
  ~Shard() override;

  // Before Start(): `all` holds every shard by its index.
  void Connect(const std::vector<Shard*>& all);
  void Start();
  // Any thread. Runs `work` on the shard's thread and waits for its end.
  void Run(const std::function<void()>& work);
  // Ends the thread; what has not been finished by then stays where it is.
  void Stop();

  boost::asio::io_context& io();
  // Any thread. The shard that the trace belongs to, and the hash that its tables go by.
  uint32_t OwnerOf(uint64_t hash) const {
    return static_cast<uint32_t>(static_cast<Uint128>(hash) * shard_count_ >> 64);
  }
  uint64_t HashOf(const TraceId& id) const { return hasher_(id); }

  // --- on the shard's thread ---
  IngestResult Take(const BufferRef& request, uint32_t receiver, Transport transport, uint8_t hops) override;
  // The same for a batch that an exporter that routes found to be this process's own. No receiver counts it.
  IngestResult TakeOwn(std::string_view batch, uint32_t source);
  BufferPool& buffers() override { return buffers_; }
  void CountRefused(uint32_t receiver, Transport transport) override;
  void CountFailed(uint32_t receiver, Transport transport) override;
  ConnectionStats& connections() override { return connections_; }

  // Takes what other shards have handed over. True where everything that this shard handed out has been taken, too.
  bool DrainRings();
  // Hands what is open in pipelines that do not sample to the exporters.
  void FlushThrough();
  // Decides all that waits and hands every open batch to the exporters.
  void Finish();
  const ArrivalCounts& arrivals() const { return arrivals_; }
  // For queries, by their index in the configuration.
  ShardPipeline& pipeline(size_t index) { return *pipelines_[index]; }
  // Adds this shard's counts. `snapshot` has all receivers and pipelines already, in the configuration's order.
  void AddTo(DaemonSnapshot* snapshot) const;
  // Of all pipelines that sample, see Sampler::AddEstimates().
  void AddEstimates(int64_t from_ns, int64_t to_ns, std::vector<ServiceEstimate>* sums) const;

 private:
  friend class ShardStepper;  // tests/simulation: a shard without its thread
  struct Loop;                // io_context and timer

  IngestResult Refuse(ReceiverStats* stats, std::string_view why);
  IngestResult RefuseLoop(ReceiverStats* stats);
  // Runs of the request at hand that have to meet their traces in the pipelines of `source`.
  struct Meeting {
    std::span<const SpanRun> runs;
    std::span<const uint64_t> hashes;
    uint32_t source;
  };
  // What keeps the request at hand out, in words; empty: it is placed.
  std::string_view PlaceMeeting(const BufferRef& request, const Meeting& meeting, uint8_t hops, int64_t now_ns);
  std::string_view PlaceDivided(const BufferRef& request, const Routing& routing, uint32_t receiver, uint8_t hops,
                                int64_t now_ns);
  void NoteBlocked();
  void ReleaseScratch();
  // Whether a shard that spans of the present request belong to takes no more traces.
  bool AnyBlocked() const;
  // An exporter with block_on_overflow has no room.
  bool HeldUp() const;
  void Place(const RunsView& own, const Meeting& all, uint8_t hops, int64_t now_ns);
  bool RoomElsewhere();
  void HandOverOthers(const BufferRef& request, const Meeting& meeting);
  void Split(const Meeting& meeting);
  void HashRuns();
  void WakeToDrain();
  void Arm();
  void OnTimer();
  void Tick();
  bool FreeMemory();

  // Single-writer. Goes last: the slots of out_ may still refer to its buffers.
  BufferPool buffers_;

  // Immutable after Connect().
  const uint32_t index_;
  const uint32_t shard_count_;
  const std::vector<std::vector<uint32_t>> routes_;
  const std::vector<Routing> routing_;  // by receiver
  const TraceIdHasher hasher_;
  const uint64_t ring_slot_bytes_;
  const uint32_t request_runs_max_;
  const Clock& clock_;
  std::vector<Shard*> shards_;
  std::vector<std::unique_ptr<HandOverRing>> out_;  // by the shard it leads to; null for this one
  std::vector<HandOverRing*> in_;                   // by the shard it comes from

  // Single-writer.
  BlockPool blocks_;
  std::vector<std::unique_ptr<ShardPipeline>> pipelines_;
  ArrivalCounts arrivals_;
  ScannedRequest scanned_;                      // scratch: the request at hand
  std::vector<uint64_t> hashes_;                // scratch: of its runs
  std::vector<std::vector<uint32_t>> runs_of_;  // scratch: its runs by shard, as indices
  std::vector<SpanRun> own_runs_;               // scratch
  std::vector<uint64_t> own_hashes_;            // scratch
  std::vector<uint32_t> divided_;               // scratch: the runs that are this process's own, as indices
  std::vector<SpanRun> divided_runs_;           // scratch
  std::vector<uint64_t> divided_hashes_;        // scratch
  int64_t armed_for_ns_ = INT64_MAX;
  bool tick_posted_ = false;
  int64_t swept_ns_ = 0;
  std::vector<std::array<ReceiverStats, kTransports>> receivers_;
  std::vector<uint64_t> pushed_;  // spans handed over, by source
  std::vector<uint64_t> popped_;
  std::vector<uint64_t> own_spans_;  // taken from connectors that route, by source
  ConnectionStats connections_;

  // Lock-free: true from the moment that somebody asked this shard to drain its rings until it begins to.
  std::atomic<bool> wake_pending_{false};
  // block_on_overflow: some sampler here is full. Written by this shard, read by all; a moment late does no harm,
  // because the tables hold some more than they admit.
  std::atomic<bool> blocked_{false};

  std::unique_ptr<Loop> loop_;
  std::thread thread_;
};

}  // namespace tailrace

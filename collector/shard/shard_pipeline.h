// ShardPipeline: one pipeline's part on one shard: a sampler, or without tail_sampling a straight way through, and the
// time at which its open batch must go. Single-writer (the shard's thread).
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "collector/exporters/exporter.h"
#include "collector/shard/owned_batches.h"
#include "collector/shard/sampler.h"

namespace tailrace {

class ShardPipeline {
 public:
  struct Options {
    uint32_t index = 0;  // into Config::pipelines
    std::vector<Exporter*> exporters;
    const config::PipelineConfig* pipeline = nullptr;
    const config::TailSamplingConfig* sampling = nullptr;  // null: every trace goes through at once
    Sampler::Options sampler;
    uint8_t hops_max = 0;  // of what is routed: batches of spans that were routed as often go together
  };

  ShardPipeline(const Options& options, BlockPool* pool, std::function<bool()> make_room);

  bool samples() const { return sampler_ != nullptr; }
  Sampler* sampler() { return sampler_.get(); }
  // An exporter whose queue is full asks that nothing more be taken in for now.
  bool HeldUp() const {
    return std::any_of(exporters_.begin(), exporters_.end(), [](const Exporter* exporter) { return exporter->full(); });
  }

  void Add(const RunsView& view, uint8_t hops, int64_t now_ns);
  // In two steps, where a connector that routes is its exporter. First: which runs, as indices, are this process's own.
  // `arrived`: another member sent them here, so all of them are, whatever the router of this one says.
  void Divide(std::span<const SpanRun> runs, bool arrived, std::vector<uint32_t>* own);
  // Then, with the same runs: the others go to the exporter. Those of its own are counted, and the caller's.
  void AddDivided(const RunsView& view, bool arrived, int64_t now_ns);
  // Also for another pipeline: decides a trace early. False where there is none. Only where it samples.
  bool FreeMemory(int64_t now_ns);
  // Does what is due; true where more is due than one turn should take.
  bool Tick(int64_t now_ns);
  // When Tick() is wanted next; INT64_MAX: not until something arrives.
  int64_t NextEvent();
  // The end: decides all that waits and hands everything on.
  void Finish(int64_t now_ns);

  void AddTo(PipelineStats* stats) const;

 private:
  bool BatchEmpty();
  void FlushBatch();
  void Hand(const ExportBatch& batch);
  OwnedBatches& Through(uint8_t hops);
  // Something may have come into the open batch: it must go within its time-out.
  void NoteBatch(int64_t now_ns);

  const int64_t batch_timeout_ns_;
  std::vector<Exporter*> exporters_;
  const KeptBatch::Limits limits_;
  const uint8_t hops_max_;
  std::deque<OwnedBatches> through_;  // where it does not sample: by hops
  std::unique_ptr<Sampler> sampler_;
  int64_t batch_due_ns_ = INT64_MAX;
  uint64_t through_spans_ = 0;
  uint64_t own_by_ring_ = 0;  // of the runs of the last Divide()
  uint64_t own_spans_ = 0;
  uint64_t arrived_spans_ = 0;
  uint64_t disputed_spans_ = 0;
};

}  // namespace tailrace

#include "collector/shard/shard_pipeline.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace tailrace {

ShardPipeline::ShardPipeline(const Options& options, BlockPool* pool, std::function<bool()> make_room)
    : batch_timeout_ns_(options.pipeline->batch.timeout.count()),
      exporters_(options.exporters),
      limits_(options.sampler.batch),
      hops_max_(options.hops_max) {
  if (options.sampling == nullptr) return;
  sampler_ = std::make_unique<Sampler>(
      *options.sampling, options.sampler, pool, [this](const ExportBatch& batch) { Hand(batch); },
      std::move(make_room));
}

void ShardPipeline::Hand(const ExportBatch& batch) {
  for (Exporter* exporter : exporters_) exporter->Offer(batch);
}

OwnedBatches& ShardPipeline::Through(uint8_t hops) {
  hops = std::min(hops, hops_max_);
  while (through_.size() <= hops) {
    const auto of_these = static_cast<uint8_t>(through_.size());
    through_.emplace_back(
        limits_, exporters_, [this](const ExportBatch& batch) { Hand(batch); }, of_these);
  }
  return through_[hops];
}

bool ShardPipeline::BatchEmpty() {
  if (sampler_ != nullptr) return sampler_->batch().empty();
  return std::all_of(through_.begin(), through_.end(), [](const OwnedBatches& batches) { return batches.empty(); });
}

void ShardPipeline::Divide(std::span<const SpanRun> runs, bool arrived, std::vector<uint32_t>* own) {
  Through(0).Divide(runs, own);
  own_by_ring_ = 0;
  for (const uint32_t i : *own) own_by_ring_ += runs[i].span_count;
  if (!arrived) return;
  own->resize(runs.size());
  std::iota(own->begin(), own->end(), 0u);
}

void ShardPipeline::AddDivided(const RunsView& view, bool arrived, int64_t now_ns) {
  const uint64_t others = SpansOf(view.runs) - own_by_ring_;
  if (arrived) {
    arrived_spans_ += own_by_ring_;
    disputed_spans_ += others;
    return;
  }
  own_spans_ += own_by_ring_;
  through_spans_ += others;
  Through(0).AddOthers(view);
  NoteBatch(now_ns);
}

void ShardPipeline::Add(const RunsView& view, uint8_t hops, int64_t now_ns) {
  if (sampler_ != nullptr) {
    sampler_->Add(view, now_ns);
  } else {
    // Without exporters it feeds connectors only, which have counted.
    if (!exporters_.empty()) Through(hops).Add(view);
    through_spans_ += SpansOf(view.runs);
  }
  NoteBatch(now_ns);
}

bool ShardPipeline::FreeMemory(int64_t now_ns) {
  const bool decided = sampler_->FreeMemory(now_ns);
  NoteBatch(now_ns);
  return decided;
}

void ShardPipeline::NoteBatch(int64_t now_ns) {
  if (batch_due_ns_ == INT64_MAX && !BatchEmpty()) batch_due_ns_ = now_ns + batch_timeout_ns_;
}

bool ShardPipeline::Tick(int64_t now_ns) {
  const bool more = sampler_ != nullptr && sampler_->DecideTurn(now_ns);
  if (BatchEmpty()) batch_due_ns_ = INT64_MAX;
  NoteBatch(now_ns);
  if (batch_due_ns_ <= now_ns) {
    FlushBatch();
    batch_due_ns_ = INT64_MAX;
  }
  return more;
}

int64_t ShardPipeline::NextEvent() {
  return std::min(batch_due_ns_, sampler_ != nullptr ? sampler_->NextDeadline() : INT64_MAX);
}

void ShardPipeline::Finish(int64_t now_ns) {
  if (sampler_ != nullptr) sampler_->DecideAll(now_ns);
  FlushBatch();
}

void ShardPipeline::FlushBatch() {
  if (sampler_ != nullptr) {
    sampler_->batch().Flush();
  } else {
    for (OwnedBatches& batches : through_) batches.Flush();
  }
}

void ShardPipeline::AddTo(PipelineStats* stats) const {
  if (sampler_ != nullptr) {
    sampler_->AddTo(stats);
    return;
  }
  stats->kept_spans += through_spans_;
  stats->own_spans += own_spans_;
  stats->arrived_spans += arrived_spans_;
  stats->disputed_spans += disputed_spans_;
  for (const OwnedBatches& batches : through_) stats->in_open_batch_spans += batches.span_count();
}

}  // namespace tailrace

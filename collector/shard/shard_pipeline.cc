#include "collector/shard/shard_pipeline.h"

#include <algorithm>
#include <utility>

namespace tailrace {
namespace {

// Traces decided in one turn, so that sockets are not kept waiting for longer than a few hundred microseconds.
constexpr uint32_t kTracesPerTurn = 512;

}  // namespace

ShardPipeline::ShardPipeline(const Options& options, BlockPool* pool, std::function<bool()> make_room)
    : batch_timeout_ns_(options.pipeline->batch.timeout.count()),
      exporters_(options.exporters),
      through_(options.sampler.batch, options.exporters, [this](const ExportBatch& batch) { Hand(batch); }) {
  if (options.sampling == nullptr) return;
  sampler_ = std::make_unique<Sampler>(
      *options.sampling, options.sampler, pool, [this](const ExportBatch& batch) { Hand(batch); },
      std::move(make_room));
}

void ShardPipeline::Hand(const ExportBatch& batch) {
  for (Exporter* exporter : exporters_) exporter->Offer(batch);
}

void ShardPipeline::Add(const RunsView& view, int64_t now_ns) {
  if (sampler_ != nullptr) {
    sampler_->Add(view, now_ns);
  } else {
    // Without exporters it feeds connectors only, which have counted.
    if (!exporters_.empty()) through_.Add(view);
    for (const SpanRun& run : view.runs) through_spans_ += run.span_count;
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
  const bool more = sampler_ != nullptr && sampler_->DecideDue(now_ns, kTracesPerTurn);
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
    through_.Flush();
  }
}

void ShardPipeline::AddTo(PipelineStats* stats) const {
  if (sampler_ != nullptr) {
    sampler_->AddTo(stats);
    return;
  }
  stats->kept_spans += through_spans_;
  stats->in_open_batch_spans += through_.span_count();
}

}  // namespace tailrace

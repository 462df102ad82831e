#include "tests/simulation/simulation.h"

#include <algorithm>
#include <string>

namespace tailrace::simulation {
namespace {

std::string ShardName(uint32_t shard) { return "shard " + std::to_string(shard); }

}  // namespace

Simulation::Simulation(uint64_t seed, Story* story)
    : chance_(seed), story_(story), plan_(MakePlan(&chance_)), traffic_(plan_.traffic, plan_.hasher) {
  MakeExporters();
  MakeShards();
}

Simulation::~Simulation() = default;

void Simulation::MakeExporters() {
  for (size_t i = 0; i < plan_.pipelines.size(); ++i) {
    SimPipeline& pipeline = pipelines_.emplace_back();
    for (uint32_t number = 0; number < plan_.pipelines[i].exporters; ++number) {
      pipeline.exporter_names.push_back("sim/" + std::to_string(i) + "-" + std::to_string(number));
      pipeline.exporters.push_back(std::make_unique<SimExporter>(pipeline.exporter_names.back(), plan_.pipelines[i],
                                                                 clock_, chance_.Word(), story_));
    }
  }
}

void Simulation::MakeShards() {
  Shard::Options options;
  options.shard_count = plan_.shards;
  options.receiver_count = static_cast<uint32_t>(plan_.routes.size());
  options.routes = plan_.routes;
  options.buffer_bytes = plan_.buffer_bytes;
  options.block_bytes = plan_.block_bytes;
  options.hasher = plan_.hasher;
  options.prefault = false;
  for (uint32_t i = 0; i < plan_.pipelines.size(); ++i) {
    const PlannedPipeline& planned = plan_.pipelines[i];
    ShardPipeline::Options& pipeline = options.pipelines.emplace_back();
    pipeline.index = i;
    for (const auto& exporter : pipelines_[i].exporters) pipeline.exporters.push_back(exporter.get());
    pipeline.pipeline = &planned.pipeline;
    pipeline.sampling = planned.samples ? &planned.sampling : nullptr;
    pipeline.sampler = planned.sampler;
    pipeline.sampler.budgets = std::make_shared<Budgets>();
    policies_.push_back(std::make_unique<ReferencePolicies>(planned));
  }
  std::vector<Shard*> all;
  std::vector<ReferenceShard*> all_references;
  for (options.index = 0; options.index < plan_.shards; ++options.index) {
    all.push_back(shards_.emplace_back(std::make_unique<Shard>(options, clock_)).get());
    steppers_.emplace_back(all.back());
    references_.push_back(std::make_unique<ReferenceShard>(plan_, options.index, policies_, story_, traffic_));
    all_references.push_back(references_.back().get());
  }
  for (Shard* shard : all) shard->Connect(all);
  for (ReferenceShard* shard : all_references) shard->Connect(all_references);
}

void Simulation::Run() {
  for (uint32_t step = 0; step < plan_.steps && !story_->failed(); ++step) Step(step);
  if (!story_->failed()) Stop();
}

void Simulation::Step(uint32_t step) {
  story_->NextStep();
  if (step == plan_.burst_at) return Burst();
  const uint64_t what = chance_.Below(100);
  if (what < 40) {
    Take(AnyShard(), traffic_.Any(&chance_));
  } else if (what < 58) {
    RunPosts(AnyShard());
  } else if (what < 72) {
    Pass(false);
  } else if (what < 74) {
    Pass(true);
  } else if (what < 86) {
    FireTimer(AnyShard());
  } else if (what < 95) {
    Backend();
  } else {
    Special();
  }
}

void Simulation::Special() {
  switch (chance_.Below(5)) {
    case 0:
    case 1:
      return Take(AnyShard(), traffic_.Giant(&chance_));
    case 2:
    case 3:
      return Take(AnyShard(), traffic_.Flood(&chance_));
    default:
      return Take(AnyShard(), traffic_.Malformed(&chance_));
  }
}

void Simulation::Pass(bool long_time) {
  const auto wait = static_cast<uint64_t>(plan_.pipelines[0].sampling.decision_wait.count() / SimClock::kTickNs);
  clock_.Advance(long_time ? chance_.Between(1, 4 * wait) : chance_.Between(1, wait / 4 + 1));
  if (story_->written()) {
    story_->Tell(Story::kNoTrace, "it is " + std::to_string((clock_.MonotonicNs() - SimClock::kStartNs) / 1'000'000) +
                                      " ms since the start");
  }
}

bool Simulation::HeldUp() const {
  return std::any_of(pipelines_.begin(), pipelines_.end(), [](const SimPipeline& pipeline) {
    return std::any_of(pipeline.exporters.begin(), pipeline.exporters.end(),
                       [](const auto& exporter) { return exporter->should_be_full(); });
  });
}

void Simulation::Take(uint32_t shard, const MadeRequest& request) {
  const auto receiver = static_cast<uint32_t>(chance_.Below(plan_.routes.size()));
  if (story_->written()) {
    story_->Tell(Story::kNoTrace, ShardName(shard) + " is given " + std::to_string(request.spans) + " spans in " +
                                      std::to_string(request.runs.size()) + " runs" +
                                      (request.malformed ? ", cut off" : ""));
    for (const MadeRun& run : request.runs) {
      story_->Tell(run.trace, "  " + std::to_string(run.spans.size()) + " of them of trace " +
                                  std::to_string(run.trace) + ", " + std::to_string(run.bytes) + " bytes");
    }
  }
  BufferRef buffer = shards_[shard]->buffers().Allocate(request.bytes.size());
  if (!buffer) {
    if (plan_.buffer_bytes > (1 << 20)) story_->Fail("no buffer is left");
    shards_[shard]->CountRefused(receiver, Transport::kGrpc);
    references_[shard]->CountRefused(receiver);
    return Check(shard);
  }
  buffer->Append(request.bytes);
  const bool held_up = HeldUp();
  const IngestResult result = shards_[shard]->Take(buffer, receiver, Transport::kGrpc, 0);
  buffer.reset();
  const IngestCode code = references_[shard]->Take(request, receiver, clock_.MonotonicNs(), held_up);
  if (result.code != code) {
    story_->Fail(ShardName(shard) + ": the request is answered with " + std::to_string(static_cast<int>(result.code)) +
                 ", should be with " + std::to_string(static_cast<int>(code)));
  }
  if (code == IngestCode::kOk &&
      (result.accepted_spans != request.spans || result.rejected_spans != request.rejected)) {
    story_->Fail(ShardName(shard) + ": the answer says it took other than the request's spans");
  }
  Check(shard);
}

void Simulation::RunPosts(uint32_t shard) {
  if (story_->written()) story_->Tell(Story::kNoTrace, ShardName(shard) + " runs what was posted");
  steppers_[shard].RunPosts();
  references_[shard]->RunPosts(clock_.MonotonicNs());
  Check(shard);
}

void Simulation::FireTimer(uint32_t shard) {
  const int64_t now_ns = clock_.MonotonicNs();
  if (!steppers_[shard].TimerIsDue(now_ns)) return;
  if (story_->written()) story_->Tell(Story::kNoTrace, ShardName(shard) + ": its timer goes off");
  steppers_[shard].FireTimer();
  references_[shard]->OnTimer(now_ns);
  Check(shard);
  for (uint32_t i = 0; i < pipelines_.size(); ++i) {
    if (references_[shard]->pipeline(i).output().DueNs() > now_ns) continue;
    story_->Fail(ShardName(shard) + ": the open batch is older than its time-out");
  }
}

void Simulation::Backend() {
  SimPipeline& pipeline = pipelines_[chance_.Below(pipelines_.size())];
  for (uint64_t times = chance_.Between(1, 6); times > 0; --times) {
    SimExporter& exporter = *pipeline.exporters[chance_.Below(pipeline.exporters.size())];
    exporter.BackendStep(&chance_);
    exporter.Check();
  }
}

// More requests than a ring holds, to a shard that the others do not hear of.
void Simulation::Burst() {
  const uint32_t shard = AnyShard();
  for (uint64_t left = chance_.Between(300, 500); left > 0 && !story_->failed(); --left) {
    Take(shard, traffic_.Any(&chance_));
  }
}

void Simulation::Stop() {
  story_->NextStep();
  if (story_->written()) story_->Tell(Story::kNoTrace, "the end begins");
  // The deadline may pass before the rings are empty.
  const bool in_time = !chance_.OneIn(8);
  for (uint64_t rounds = in_time ? 1'000 : chance_.Below(2); rounds > 0 && !DrainAll() && !story_->failed();) --rounds;
  for (uint32_t shard = 0; shard < plan_.shards && !story_->failed(); ++shard) {
    shards_[shard]->Finish();
    references_[shard]->Finish(clock_.MonotonicNs());
    CheckSent(shard);
    CheckCounts(shard);
    for (uint32_t i = 0; i < pipelines_.size(); ++i) {
      const PipelineStats expected = references_[shard]->pipeline(i).Expected();
      if (expected.in_open_batch_spans != 0) story_->Fail(ShardName(shard) + ": kept spans never left");
    }
    const bool empty = references_[shard]->pool().used == 0;
    if (!empty) story_->Fail(ShardName(shard) + ": memory is held at the end");
    if (in_time && !references_[shard]->rings_empty()) story_->Fail(ShardName(shard) + ": its rings are not empty");
    if (in_time && shards_[shard]->buffers().bytes_in_use() != 0)
      story_->Fail("a request's buffer is never given back");
  }
  const int64_t deadline_ns = clock_.MonotonicNs() + static_cast<int64_t>(chance_.Below(2'000)) * SimClock::kTickNs;
  for (SimPipeline& pipeline : pipelines_) {
    for (const auto& exporter : pipeline.exporters) {
      if (!story_->failed()) exporter->End(&chance_, &clock_, deadline_ns);
    }
  }
  if (!story_->failed()) CheckLedger();
}

bool Simulation::DrainAll() {
  bool drained = true;
  for (uint32_t shard = 0; shard < plan_.shards; ++shard) {
    drained &= shards_[shard]->DrainRings();
    references_[shard]->Drain(clock_.MonotonicNs());
    Check(shard);
  }
  return drained;
}

Reached Simulation::reached() const {
  Reached reached;
  reached.steps = story_->step();
  for (uint32_t shard = 0; shard < plan_.shards; ++shard) {
    ReferenceShard& reference = *references_[shard];
    reached.cut_turns += reference.cut_turns();
    reached.refused_for_rings += reference.refused_for_rings();
    reached.left_in_rings += reference.rings_empty() ? 0 : 1;
    for (uint32_t i = 0; i < plan_.routes.size(); ++i) {
      reached.refused_requests += reference.receiver(i).requests_refused;
      reached.malformed_requests += reference.receiver(i).requests_failed;
      reached.rejected_spans += reference.receiver(i).failed_spans;
    }
    for (uint32_t i = 0; i < pipelines_.size(); ++i) {
      const PipelineStats stats = reference.pipeline(i).Expected();
      for (size_t reason = 0; reason < kEarlyReasons; ++reason)
        reached.early_traces[reason] += stats.early_traces[reason];
      reached.late_spans += stats.late_sampled_spans + stats.late_not_sampled_spans;
      reached.too_large_traces += stats.too_large_traces;
      reached.table_full_spans += stats.dropped_spans[static_cast<size_t>(DropReason::kTableFull)];
      reached.shutdown_spans += stats.dropped_spans[static_cast<size_t>(DropReason::kShutdown)];
      reached.kept_spans += stats.kept_spans;
      reached.dropped_traces += stats.dropped_traces;
    }
  }
  for (const SimPipeline& pipeline : pipelines_) {
    for (const auto& exporter : pipeline.exporters) reached.queue_full_spans += exporter->queue_full_spans();
  }
  return reached;
}

}  // namespace tailrace::simulation

#include "tests/simulation/reference_pipeline.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "collector/shard/block_pool.h"
#include "collector/shard/header_store.h"
#include "collector/shard/service_shares.h"

namespace tailrace::simulation {
namespace {

constexpr uint64_t kBlock = BlockPool::kBlockBytes;
constexpr uint64_t kSegment = 8;  // what stands before each run in a block
constexpr uint64_t kHeaderOverhead = sizeof(HeaderStore::Header) + 32;

bool ReadsSizes(const std::vector<Rule>& rules) {
  return std::any_of(rules.begin(), rules.end(),
                     [](const Rule& rule) { return rule.kind == Rule::Kind::kBytes || ReadsSizes(rule.children); });
}

uint64_t CacheSize(uint64_t configured, uint32_t traces_max) {
  return configured != 0 ? configured : uint64_t{10} * traces_max;
}

}  // namespace

ReferencePipeline::ReferencePipeline(const PlannedPipeline& plan, ReferencePolicies* policies, ReferencePool* pool,
                                     Story* story, const Traffic& traffic)
    : plan_(plan),
      policies_(policies),
      pool_(pool),
      story_(story),
      ingest_(plan.sampling.sampling_strategy == config::SamplingStrategy::kSpanIngest),
      sizes_(plan.sampling.maximum_trace_size_bytes != 0 || ReadsSizes(plan.rules)),
      decided_(CacheSize(plan.sampler.sampled_cache_size, plan.sampler.traces_max),
               CacheSize(plan.sampler.non_sampled_cache_size, plan.sampler.traces_max)),
      output_(plan, story, traffic) {
  stats_.policies.resize(policies->rules().size());
  for (size_t i = 0; i < stats_.policies.size(); ++i) stats_.policies[i].name = policies->rules()[i]->name;
}

void ReferencePipeline::Tell(uint32_t trace, const char* what) const {
  if (story_->written()) story_->Tell(trace, "trace " + std::to_string(trace) + " " + what);
}

void ReferencePipeline::Add(const std::vector<const MadeRun*>& runs, int64_t now_ns) {
  last_add_ns_ = now_ns;
  for (size_t i = 0; i < runs.size(); ++i) {
    if (!plan_.samples) {
      std::vector<HeldSpan> spans;
      for (const MadeSpan* span : runs[i]->spans) spans.push_back({span, runs[i]->header});
      output_.Keep(runs[i]->trace, spans, {}, now_ns, false);
      stats_.kept_spans += spans.size();
      continue;
    }
    AddRun(*runs[i], now_ns);
    if (i + 1 == runs.size() || runs[i + 1]->resource != runs[i]->resource) FinishPieces(now_ns);
  }
  DecideTooMuch(now_ns);
}

void ReferencePipeline::AddRun(const MadeRun& run, int64_t now_ns) {
  const bool known = Find(run.trace) != nullptr;
  if (!known && FollowDecision(run, now_ns)) return;
  if (!MakeRoom(run, !known, now_ns)) {
    Tell(run.trace, "has spans for which there is no room");
    stats_.dropped_spans[static_cast<size_t>(DropReason::kTableFull)] += run.spans.size();
    return;
  }
  // Making room may have decided this very trace.
  Waiting* trace = Find(run.trace);
  if (known && trace == nullptr && FollowDecision(run, now_ns)) return;
  if (trace == nullptr) trace = &Begin(run, now_ns);
  UseHeader(*run.header, now_ns);
  Store(run, trace);
  const bool has_root = std::any_of(run.spans.begin(), run.spans.end(), [](const auto* s) { return !s->has_parent; });
  const int64_t root_wait_ns = plan_.sampling.decision_wait_after_root_received.count();
  if (has_root && root_wait_ns != 0 && now_ns + root_wait_ns < trace->deadline_ns) {
    trace->deadline_ns = now_ns + root_wait_ns;
    trace->brought_forward = next_brought_++;
  }
  if (TooMuch(*trace).has_value()) too_much_.push_back(trace->order);
  arrivals_.push_back({trace->order, &run});
}

bool ReferencePipeline::FollowDecision(const MadeRun& run, int64_t now_ns) {
  const auto decision = decided_.Recall(run.hash);
  if (!decision.has_value()) return false;
  if (!decision->sampled) {
    Tell(run.trace, "has late spans, which are dropped");
    stats_.late_not_sampled_spans += run.spans.size();
    stats_.dropped_by_policy_spans += run.spans.size();
    return true;
  }
  Tell(run.trace, "has late spans, which are kept");
  stats_.late_sampled_spans += run.spans.size();
  stats_.kept_spans += run.spans.size();
  std::vector<HeldSpan> spans;
  for (const MadeSpan* span : run.spans) spans.push_back({span, run.header});
  ExpectedOutput::Stamps stamps;
  if (plan_.sampling.record_policy) {
    stamps = {.policy = policies_->rules()[static_cast<size_t>(decision->policy)]->name, .cached = true};
  }
  output_.Keep(run.trace, spans, stamps, now_ns, false);
  return true;
}

ReferencePipeline::Waiting& ReferencePipeline::Begin(const MadeRun& run, int64_t now_ns) {
  Waiting& trace = waiting_[next_order_];
  trace.trace = run.trace;
  trace.service = ServiceShares::PlaceOf(HashBytes(run.header->service, plan_.sampler.service_key));
  trace.id = run.id;
  trace.hash = run.hash;
  trace.order = next_order_++;
  trace.arrival_ns = now_ns;
  trace.deadline_ns = now_ns + plan_.sampling.decision_wait.count();
  if (free_records_.empty()) {
    trace.record = fresh_record_++;
  } else {
    trace.record = free_records_.back();
    free_records_.pop_back();
  }
  order_of_[run.trace] = trace.order;
  ++stats_.new_traces;
  Tell(run.trace, "begins to wait");
  return trace;
}

void ReferencePipeline::UseHeader(const MadeHeader& header, int64_t now_ns) {
  const uint64_t bytes = header.resource.size() + header.scope.size() + kHeaderOverhead;
  const auto [at, is_new] = headers_.emplace(header.number, UsedHeader{bytes, now_ns});
  at->second.used_ns = now_ns;
  if (is_new) header_bytes_ += bytes;
}

// A run lies in its blocks behind eight bytes that are in one block; its spans run on from block to block.
void ReferencePipeline::Store(const MadeRun& run, Waiting* trace) {
  const uint64_t before = trace->blocks;
  if (trace->blocks == 0 || trace->used_of_last + kSegment > kBlock) {
    ++trace->blocks;
    trace->used_of_last = 0;
  }
  const uint64_t end = trace->used_of_last + kSegment + run.bytes;
  const uint64_t more = end <= kBlock ? 0 : (end - 1) / kBlock;
  trace->blocks += more;
  trace->used_of_last = end - more * kBlock;
  pool_->used += trace->blocks - before;
  blocks_ += trace->blocks - before;
  for (const MadeSpan* span : run.spans) trace->spans.push_back({span, run.header});
  ++trace->runs;
  stats_.in_table_spans += run.spans.size();
  if (story_->written()) {
    story_->Tell(run.trace, "trace " + std::to_string(run.trace) + " gets " + std::to_string(run.spans.size()) +
                                " spans, " + std::to_string(trace->spans.size()) + " in all");
  }
}

// By deadline; of those that share one, traces whose root came first, else in the order of arrival.
std::vector<ReferencePipeline::Waiting*> ReferencePipeline::DueBy(int64_t deadline_ns) {
  std::vector<Waiting*> due;
  for (auto& [order, trace] : waiting_) {
    if (trace.deadline_ns <= deadline_ns) due.push_back(&trace);
  }
  const auto key = [](const Waiting* trace) {
    const bool brought = trace->brought_forward != 0;
    return std::make_tuple(trace->deadline_ns, !brought, brought ? trace->brought_forward : trace->order);
  };
  std::sort(due.begin(), due.end(), [&](const Waiting* a, const Waiting* b) { return key(a) < key(b); });
  return due;
}

// As many as have begun since the last turn, and as many again for each decision wait that the first is late.
bool ReferencePipeline::DecideTurn(int64_t now_ns) {
  std::vector<Waiting*> due = DueBy(now_ns);
  if (due.empty()) return false;
  const auto begun = static_cast<double>(stats_.new_traces - std::exchange(begun_by_last_turn_, stats_.new_traces));
  const auto late_ns = static_cast<double>(now_ns - due.front()->deadline_ns);
  const auto wait_ns = static_cast<double>(plan_.sampling.decision_wait.count());
  const auto traces_max =
      static_cast<size_t>(std::clamp(begun * (1 + late_ns / wait_ns), late_ns < 5e7 ? 512.0 : 32.0, 4096.0));
  const bool more = due.size() > traces_max;
  if (more) due.resize(traces_max);
  decided_when_due_ += due.size();
  for (Waiting* trace : due) Decide(trace, now_ns);
  return more;
}

void ReferencePipeline::Finish(int64_t now_ns) {
  for (Waiting* trace : DueBy(INT64_MAX)) {
    if (!plan_.sampling.drop_pending_traces_on_shutdown) {
      Decide(trace, now_ns);
      continue;
    }
    Tell(trace->trace, "is dropped at the end");
    stats_.dropped_spans[static_cast<size_t>(DropReason::kShutdown)] += trace->spans.size();
    Remove(trace);
  }
}

void ReferencePipeline::Decide(Waiting* trace, int64_t now_ns) {
  if (ingest_) {
    Settle(trace, {}, now_ns);
    return;
  }
  std::vector<const MadeSpan*> spans;
  for (const HeldSpan& held : trace->spans) spans.push_back(held.span);
  const Judged judged{spans, spans.size(), trace->bytes + trace->frame_bytes};
  Settle(trace, policies_->Decide(judged, now_ns, &stats_.policies), now_ns);
}

void ReferencePipeline::Settle(Waiting* trace, const ReferenceDecision& decision, int64_t now_ns) {
  ++judged_;
  const bool sampled = decision.verdict == Verdict::kSampled;
  Tell(trace->trace, sampled ? "is kept" : decision.verdict == Verdict::kDropped ? "is dropped" : "is not sampled");
  if (sampled) {
    ++stats_.sampled_traces;
    stats_.kept_spans += trace->spans.size();
    ExpectedOutput::Stamps stamps;
    if (plan_.sampling.record_policy) stamps.policy = policies_->rules()[static_cast<size_t>(decision.policy)]->name;
    output_.Keep(trace->trace, trace->spans, stamps, now_ns, true);
  } else {
    ++(decision.verdict == Verdict::kDropped ? stats_.dropped_traces : stats_.not_sampled_traces);
    stats_.dropped_by_policy_spans += trace->spans.size();
  }
  decided_.Remember(trace->hash, {sampled, decision.policy});
  Remove(trace);
}

void ReferencePipeline::Remove(Waiting* trace) {
  stats_.in_table_spans -= trace->spans.size();
  pool_->used -= trace->blocks;
  blocks_ -= trace->blocks;
  free_records_.push_back(trace->record);
  order_of_.erase(trace->trace);
  waiting_.erase(trace->order);
}

ReferencePipeline::Waiting* ReferencePipeline::Find(uint32_t trace) {
  const auto at = order_of_.find(trace);
  return at == order_of_.end() ? nullptr : &waiting_.at(at->second);
}

// A header that was last used before the oldest waiting trace began has no span left.
void ReferencePipeline::SweepHeaders() {
  const int64_t oldest_ns = std::min(OldestArrival(), last_add_ns_);
  for (auto at = headers_.begin(); at != headers_.end();) {
    if (at->second.used_ns >= oldest_ns) {
      ++at;
      continue;
    }
    header_bytes_ -= at->second.bytes;
    at = headers_.erase(at);
  }
}

int64_t ReferencePipeline::NextDeadline() const {
  int64_t next_ns = INT64_MAX;
  for (const auto& [order, trace] : waiting_) next_ns = std::min(next_ns, trace.deadline_ns);
  return next_ns;
}

PipelineStats ReferencePipeline::Expected() const {
  PipelineStats stats = stats_;
  stats.in_open_batch_spans = output_.open_spans();
  stats.in_table_traces = waiting_.size();
  stats.in_table_bytes = blocks_ * kBlock + header_bytes_;
  return stats;
}

}  // namespace tailrace::simulation

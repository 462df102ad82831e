#include "collector/shard/sampler.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "processors/policies/make_policy.h"
#include "proto/batch_size.h"

namespace tailrace {
namespace {

// block_on_overflow: what is on its way when a table is found full still finds a place in it.
constexpr uint32_t kOverflow = 65536;
constexpr uint32_t kNoHeader = UINT32_MAX;
constexpr double kNsPerMs = 1e6;
constexpr double kNsPerS = 1e9;

uint64_t CacheSize(uint64_t configured, uint32_t traces_max) {
  return configured != 0 ? configured : uint64_t{10} * traces_max;
}

// What policies cost is measured with it, see Engine.
uint64_t SteadyTicks() {
  return static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1));
}

// A limit of 0 is none.
uint32_t AtMost(uint32_t limit) { return limit == 0 ? UINT32_MAX : limit; }

}  // namespace

Sampler::Sampler(const config::TailSamplingConfig& config, const Options& options, BlockPool* pool,
                 KeptBatch::Hand hand, std::function<bool()> make_room)
    : decision_wait_ns_(config.decision_wait.count()),
      root_wait_ns_(config.decision_wait_after_root_received.count()),
      trace_bytes_max_(config.maximum_trace_size_bytes),
      header_bytes_max_(options.header_bytes_max),
      trace_spans_max_(AtMost(options.trace_spans_max)),
      trace_blocks_max_(AtMost(options.trace_blocks_max)),
      slow_ns_(ShortestSlowNs(config.policies)),
      drop_pending_(config.drop_pending_traces_on_shutdown),
      ingest_(config.sampling_strategy == config::SamplingStrategy::kSpanIngest),
      sizes_(config.maximum_trace_size_bytes != 0 ||
             std::any_of(config.policies.begin(), config.policies.end(), ReadsSizes)),
      record_policy_(config.record_policy),
      block_on_overflow_(config.block_on_overflow),
      unix_offset_ns_(options.unix_offset_ns),
      pool_(pool),
      make_room_(std::move(make_room)),
      traces_max_(options.traces_max),
      table_(options.traces_max + (config.block_on_overflow ? kOverflow : 0)),
      turn_(decision_wait_ns_),
      headers_(options.service_key),
      codec_(SpanCodec::Make(options.storage, decision_wait_ns_)),
      storage_{*pool, headers_, codec_.get()},
      engine_(config, options.budgets),
      decided_(CacheSize(options.sampled_cache_size, options.traces_max),
               CacheSize(options.non_sampled_cache_size, options.traces_max)),
      batch_(options.batch, std::move(hand)),
      journal_(options.journal_bytes != 0 ? std::make_unique<Journal>(options.journal_bytes) : nullptr),
      // Of a trace that is kept by its first piece the rest comes late and is not counted, see EstimateTable.
      estimates_(ingest_ ? EstimateTable::Options{} : options.estimates),
      chain_spans_(storage_),
      prefault_(options.prefault),
      decision_lag_ms_(
          {1, 2, 5, 10, 25, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 2000, 3000, 5000, 10000, 30000}),
      removal_age_s_({1, 2, 5, 10, 20, 30, 40, 50, 60, 90, 120, 180, 300, 600}),
      late_span_age_s_({1, 2, 5, 10, 20, 30, 40, 50, 60, 90, 120, 180, 300, 600}) {}

void Sampler::Add(const RunsView& view, int64_t now_ns) {
  last_add_ns_ = now_ns;
  if (std::exchange(prefault_, false)) {
    toucher_.Start({{table_.index().data(), table_.index().bytes()}, {decided_.data(), decided_.bytes()}});
  }
  header_ids_.assign(view.headers->size(), kNoHeader);
  const size_t count = view.runs.size();
  // Three walks, so that the memory each next one needs is already on its way.
  for (const uint64_t hash : view.hashes) table_.PrefetchSlot(hash);
  records_.resize(count);
  for (size_t i = 0; i < count; ++i) {
    const uint32_t record = table_.Candidate(view.hashes[i]);
    records_[i] = record;
    if (record != TraceTable::kNone) {
      table_.PrefetchRecord(record);
    } else {
      decided_.Prefetch(view.hashes[i]);
    }
  }
  for (uint32_t record : records_) {
    if (record != TraceTable::kNone) table_[record].spans.PrefetchTail(pool_);
  }
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t record = AddRun(view, view.runs[i], view.hashes[i], records_[i], now_ns);
    if (!ingest_ && !sizes_) continue;
    if (record != TraceTable::kNone) arrivals_.push_back({record, table_[record].generation, i});
    const bool last_of_resource = i + 1 == count || !view.SameResource(view.runs[i].header, view.runs[i + 1].header);
    if (last_of_resource) FinishArrivals(view, now_ns);
  }
  if (!too_much_.empty()) DecideTooMuch(now_ns);
}

uint32_t Sampler::AddRun(const RunsView& view, const SpanRun& run, uint64_t hash, uint32_t record, int64_t now_ns) {
  // What was looked up beforehand was no more than a candidate, and may have changed: an earlier run may have begun the
  // trace, or made room by deciding it.
  if (!IsTrace(record, run)) record = table_.Find(run.trace_id, hash);
  const bool known = record != TraceTable::kNone;
  if (!known && FollowDecision(view, run, hash)) return TraceTable::kNone;
  if (!MakeRoomFor(run.bytes.size, !known, now_ns)) {
    dropped_[static_cast<size_t>(DropReason::kTableFull)] += run.span_count;
    CountLost(view, run, now_ns);
    return TraceTable::kNone;
  }
  // Deciding to make room may have taken this very trace.
  if (known && !IsTrace(record, run) && FollowDecision(view, run, hash)) return TraceTable::kNone;
  const uint32_t header = HeaderOf(view, run.header, now_ns);
  const bool begins = !IsTrace(record, run);
  if (begins) {
    record = table_.Insert(run.trace_id, hash, headers_.Get(header).service, now_ns, now_ns + decision_wait_ns_);
    shares_.AddTrace(table_[record].service, Worth::kSingle);
    ++new_traces_;
  }
  TraceRecord& trace = table_[record];
  Fold(view, run, &trace.facts);
  const uint32_t blocks_before = trace.spans.block_count();
  if (codec_ == nullptr) {
    trace.spans.Append(pool_, header, view.spans(run));
  } else {
    trace.spans.AppendPacked(pool_, codec_.get(), header, view.spans(run), now_ns);
  }
  shares_.AddBlocks(trace.service, trace.worth, trace.spans.block_count() - blocks_before);
  Weigh(&trace, !begins);
  in_table_ += run.span_count;
  if (estimates_.enabled()) {
    estimates_.Arrived(headers_.RowIn(&estimates_, header), run.span_count, trace.arrival_ns);
  }
  if (root_wait_ns_ != 0 && (run.seen & kSeenRoot) != 0) table_.BringForward(record, now_ns + root_wait_ns_);
  NoteIfTooMuch(record);
  return record;
}

void Sampler::FinishArrivals(const RunsView& view, int64_t now_ns) {
  std::sort(arrivals_.begin(), arrivals_.end(),
            [](const Arrival& a, const Arrival& b) { return std::pair(a.record, a.at) < std::pair(b.record, b.at); });
  for (size_t from = 0, to = 0; from < arrivals_.size(); from = to) {
    const uint32_t record = arrivals_[from].record;
    while (to < arrivals_.size() && arrivals_[to].record == record) ++to;
    // What was decided meanwhile, to make room: the record is free, or has been taken again.
    while (from < to && arrivals_[from].generation != table_[record].generation) ++from;
    if (from < to) FinishArrival(view, std::span(arrivals_).subspan(from, to - from), now_ns);
  }
  arrivals_.clear();
}

void Sampler::FinishArrival(const RunsView& view, std::span<const Arrival> arrivals, int64_t now_ns) {
  const uint32_t record = arrivals.front().record;
  TraceRecord& trace = table_[record];
  TraceFacts facts;  // of this piece alone
  run_spans_.Begin(&view);
  BatchSize size(view.resource(view.runs[arrivals.front().at].header));
  for (const Arrival& arrival : arrivals) {
    const SpanRun& run = view.runs[arrival.at];
    Fold(view, run, &facts);
    run_spans_.Add(&run);
    if (sizes_) size.Add(run.header, view.scope(run.header), view.spans(run));
  }
  if (sizes_) {
    trace.facts.bytes += size.Bytes();
    trace.facts.frame_bytes += static_cast<uint32_t>(size.BytesAsField() - size.Bytes());
    if (trace_bytes_max_ != 0 && trace.facts.bytes > trace_bytes_max_) {
      DropTooLarge(record, now_ns);
      return;
    }
  }
  if (!ingest_) return;
  facts.span_count = trace.facts.span_count;  // of all that has come so far
  const std::optional<Decision> decision = engine_.DecideArrival(ViewOf(trace.id, facts, &run_spans_, now_ns));
  if (decision.has_value()) Settle(record, *decision, now_ns);
}

bool Sampler::IsTrace(uint32_t record, const SpanRun& run) {
  return record != TraceTable::kNone && table_[record].id == run.trace_id;
}

bool Sampler::FollowDecision(const RunsView& view, const SpanRun& run, uint64_t hash) {
  const auto decision = decided_.Find(hash);
  if (!decision.has_value()) return false;
  if (decision->sampled) {
    late_sampled_ += run.span_count;
    kept_ += run.span_count;
    batch_.AddRun(view.resource(run.header), view.scope(run.header), view.spans(run), run.span_count,
                  StampsOfLate(decision->policy));
  } else {
    late_not_sampled_ += run.span_count;
    dropped_by_policy_ += run.span_count;
  }
  if (journal_ != nullptr) {
    const JournalRecord* const record = journal_->AddLate(
        decision->sampled ? JournalSide::kKept : JournalSide::kDropped, run.trace_id, hash, run.span_count);
    if (record != nullptr) late_span_age_s_.Record(static_cast<double>(last_add_ns_ - record->decided_ns) / kNsPerS);
  }
  return true;
}

void Sampler::Fold(const RunsView& view, const SpanRun& run, TraceFacts* facts) const {
  facts->span_count += run.span_count;
  if (!sizes_) facts->bytes += run.bytes.size;
  facts->seen |= run.seen;
  if (run.ordinary) {
    facts->time.Add(run.time.min_start_ns, run.time.max_end_ns);
  } else {
    AddSpanTimes(view.spans(run), &facts->time);
  }
}

void Sampler::Weigh(TraceRecord* trace, bool more) {
  const bool precious = (trace->facts.seen & kSeenStatusError) != 0 || trace->facts.time.longest_prefix_ns >= slow_ns_;
  const Worth worth = precious ? Worth::kPrecious : more ? Worth::kPlain : Worth::kSingle;
  if (worth == trace->worth) return;
  shares_.Move(trace->service, trace->worth, worth, trace->spans.block_count());
  trace->worth = worth;
}

uint32_t Sampler::HeaderOf(const RunsView& view, uint32_t index, int64_t now_ns) {
  uint32_t& id = header_ids_[index];
  if (id == kNoHeader) {
    id = headers_.Intern(view.resource(index), view.scope(index), now_ns);
  }
  return id;
}

bool Sampler::DecideTurn(int64_t now_ns) {
  const int64_t due_ns = NextDeadline();
  return due_ns <= now_ns && DecideDue(now_ns, turn_.TracesMax(new_traces_, now_ns - due_ns));
}

bool Sampler::DecideDue(int64_t now_ns, uint32_t traces_max) {
  for (uint32_t i = 0; i < traces_max; ++i) {
    const uint32_t record = table_.Earliest();
    if (record == TraceTable::kNone || table_[record].deadline_ns > now_ns) return false;
    PrefetchDecision(table_.PrefetchDue());
    decision_lag_ms_.Record(static_cast<double>(now_ns - table_[record].deadline_ns) / kNsPerMs);
    Decide(record, now_ns);
  }
  return NextDeadline() <= now_ns;
}

void Sampler::DecideAll(int64_t now_ns) {
  for (uint32_t record = table_.Earliest(); record != TraceTable::kNone; record = table_.Earliest()) {
    if (!drop_pending_) {
      Decide(record, now_ns);
      continue;
    }
    dropped_[static_cast<size_t>(DropReason::kShutdown)] += table_[record].facts.span_count;
    Remove(record);
  }
}

void Sampler::Decide(uint32_t record, int64_t now_ns) {
  if (ingest_) {  // nothing that came has decided it
    Settle(record, {}, now_ns);
    return;
  }
  const TraceRecord& trace = table_[record];
  chain_spans_.Set(&trace.spans);
  Settle(record, engine_.Decide(ViewOf(trace.id, trace.facts, &chain_spans_, now_ns)), now_ns);
}

TraceView Sampler::ViewOf(const TraceId& id, const TraceFacts& facts, TraceSpans* spans, int64_t now_ns) const {
  return {.id = id,
          .facts = facts,
          .spans = spans,
          .now_ns = now_ns,
          .unix_s = (now_ns + unix_offset_ns_) / 1'000'000'000,
          .ticks = SteadyTicks};
}

std::span<const ScopeStamp> Sampler::StampsOf(const Decision& decision) {
  stamps_.clear();
  if (!record_policy_) return {};
  if (decision.composite >= 0) {
    const Engine::Entry& composite = engine_.policies()[static_cast<size_t>(decision.composite)];
    stamps_.push_back(
        {"tailsampling.composite_policy", composite.children[static_cast<size_t>(decision.composite_child)]});
  }
  if (decision.policy >= 0) {
    stamps_.push_back({"tailsampling.policy", engine_.policies()[static_cast<size_t>(decision.policy)].name});
  }
  return stamps_;
}

std::span<const ScopeStamp> Sampler::StampsOfLate(uint32_t policy) {
  stamps_.clear();
  if (!record_policy_) return {};
  if (policy < engine_.policies().size()) stamps_.push_back({"tailsampling.policy", engine_.policies()[policy].name});
  stamps_.push_back({.key = "tailsampling.cached_decision", .text = {}, .truth = true});
  return stamps_;
}

void Sampler::Settle(uint32_t record, const Decision& decision, int64_t now_ns) {
  const TraceRecord& trace = table_[record];
  ++verdicts_[static_cast<size_t>(decision.verdict)];
  removal_age_s_.Record(static_cast<double>(now_ns - trace.arrival_ns) / kNsPerS);
  const uint32_t policy = decision.policy < 0 ? DecisionCache::kNoPolicy : static_cast<uint32_t>(decision.policy);
  std::string_view kept;
  if (decision.verdict == Verdict::kSampled) {
    kept_ += trace.facts.span_count;
    kept = batch_.AddTrace(storage_, trace.spans, trace.facts.span_count, StampsOf(decision));
    overlap_.Count(decision.votes);
    CountKept(trace, decision.weight);
  } else {
    dropped_by_policy_ += trace.facts.span_count;
  }
  if (journal_ != nullptr) Note(trace, decision, cause_, kept, now_ns);
  decided_.Insert(trace.hash, {decision.verdict == Verdict::kSampled, policy});
  Remove(record);
}

void Sampler::DropTooLarge(uint32_t record, int64_t now_ns) {
  const TraceRecord& trace = table_[record];
  ++too_large_traces_;
  dropped_[static_cast<size_t>(DropReason::kTraceTooLarge)] += trace.facts.span_count;
  if (journal_ != nullptr) Note(trace, {}, kCauseTooLarge, {}, now_ns);
  decided_.Insert(trace.hash, {});
  Remove(record);
}

void Sampler::Remove(uint32_t record) {
  TraceRecord& trace = table_[record];
  in_table_ -= trace.facts.span_count;
  shares_.Remove(trace.service, trace.worth, trace.spans.block_count());
  trace.spans.Free(pool_);
  table_.Remove(record);
}

int64_t Sampler::NextDeadline() {
  const uint32_t record = table_.Earliest();
  return record == TraceTable::kNone ? INT64_MAX : table_[record].deadline_ns;
}

int64_t Sampler::OldestArrival() {
  const uint32_t record = table_.Oldest();
  return record == TraceTable::kNone ? INT64_MAX : table_[record].arrival_ns;
}

}  // namespace tailrace

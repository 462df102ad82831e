// Sampler: one pipeline's tail_sampling on one shard: the traces that wait, their spans, their judgement, and what is
// remembered of it. Middle of the straight line: runs of spans come in, whole kept traces go to the open batch.
//
// Single-writer: everything here belongs to the shard's thread. Time comes in as an argument.
//
// What Add() is given always finds its place: where a bound is met undecided traces are decided early, see Eviction; a
// trace that comes to hold more than one trace may is decided with what has come, and the rest of it follows.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/page_toucher.h"
#include "collector/baselines/estimate_table.h"
#include "collector/shard/block_pool.h"
#include "collector/shard/chain_walkers.h"
#include "collector/shard/decision_turn.h"
#include "collector/shard/eviction.h"
#include "collector/shard/fixed_histogram.h"
#include "collector/shard/header_store.h"
#include "collector/shard/journal.h"
#include "collector/shard/kept_batch.h"
#include "collector/shard/runs_view.h"
#include "collector/shard/service_shares.h"
#include "collector/shard/stored_spans.h"
#include "collector/shard/trace_look.h"
#include "collector/shard/trace_table.h"
#include "collector/telemetry/snapshot.h"
#include "config/model.h"
#include "processors/decision_cache.h"
#include "processors/engine.h"
#include "processors/policy_overlap.h"
#include "proto/request_scanner.h"

namespace tailrace {

class Sampler {
 public:
  struct Options {
    uint32_t traces_max;
    uint64_t sampled_cache_size;
    uint64_t non_sampled_cache_size;
    uint64_t header_bytes_max;
    // Of one trace; 0: any number.
    uint32_t trace_spans_max = 0;
    uint32_t trace_blocks_max = 0;
    uint64_t service_key = 0;    // see HeaderStore
    uint64_t journal_bytes = 0;  // for recent decisions; 0: none are remembered
    EstimateTable::Options estimates;
    KeptBatch::Limits batch;
    config::StorageCompression storage = config::StorageCompression::kNone;
    int64_t unix_offset_ns = 0;        // what the calendar is ahead of the steady clock
    std::shared_ptr<Budgets> budgets;  // of the instance, shared by its shards; null: this one has its own
    bool prefault = false;             // large tables are brought into memory in the background, from the first span on
  };

  // `pool` is shared by the samplers of one shard; `make_room` frees some of it by deciding a trace early, in
  // whichever sampler holds the oldest, and returns false where no trace is left.
  Sampler(const config::TailSamplingConfig& config, const Options& options, BlockPool* pool, KeptBatch::Hand hand,
          std::function<bool()> make_room);

  void Add(const RunsView& view, int64_t now_ns);

  // Decides traces whose deadline has come, as many as one turn should take (decision_turn.h). True where more are due.
  bool DecideTurn(int64_t now_ns);
  // Likewise, `traces_max` at most.
  bool DecideDue(int64_t now_ns, uint32_t traces_max);
  // Decides a trace though its time has not come, so that its memory is free. False where there is none.
  bool FreeMemory(int64_t now_ns);
  // At the end: decides everything, or drops it where the configuration says so.
  void DecideAll(int64_t now_ns);

  // Housekeeping, about once a second.
  void Sweep();

  // Share of num_traces that wait.
  double Full() const { return static_cast<double>(table_.size()) / traces_max_; }
  // block_on_overflow: no new trace may come in until one has been decided.
  bool Blocked() const { return block_on_overflow_ && table_.size() >= traces_max_; }

  // INT64_MAX where nothing waits.
  int64_t NextDeadline();
  int64_t OldestArrival();

  KeptBatch& batch() { return batch_; }

  // --- queries; they allocate, and are no part of the straight line ---
  // Null where no decisions are remembered.
  const Journal* journal() const { return journal_.get(); }
  // `hash`: of the id. The spans that are copied are bounded.
  TraceLook Look(const TraceId& id, uint64_t hash);
  // Adds this shard's counts to `stats`.
  void AddTo(PipelineStats* stats) const;
  // Adds what was estimated of traces that began in that time, of those windows in which all are decided.
  void AddEstimates(int64_t from_ns, int64_t to_ns, std::vector<ServiceEstimate>* sums);
  // Of the last five minutes before the oldest undecided trace.
  void AddRecentEstimates(int64_t now_ns, std::vector<ServiceEstimate>* sums);

 private:
  // One run of a trace, as arrived now: `at` is its place in the view's runs. The generation tells whether the record
  // has been freed since, even where the same trace has it again.
  struct Arrival {
    uint32_t record;
    uint32_t generation;
    uint32_t at;
  };

  // The record that the run went to; kNone where the trace is decided.
  uint32_t AddRun(const RunsView& view, const SpanRun& run, uint64_t hash, uint32_t record, int64_t now_ns);
  // What arrived of each trace in one ResourceSpans: sized, and judged by itself where the strategy is span-ingest.
  void FinishArrivals(const RunsView& view, int64_t now_ns);
  // One trace's; the arrivals are all its own.
  void FinishArrival(const RunsView& view, std::span<const Arrival> arrivals, int64_t now_ns);
  bool IsTrace(uint32_t record, const SpanRun& run);
  // True where the trace was decided before: its late spans go the same way.
  bool FollowDecision(const RunsView& view, const SpanRun& run, uint64_t hash);
  void Fold(const RunsView& view, const SpanRun& run, TraceFacts* facts) const;
  // What speaks for the trace now. `more`: this is not its first run.
  void Weigh(TraceRecord* trace, bool more);
  uint32_t HeaderOf(const RunsView& view, uint32_t header, int64_t now_ns);
  // Makes room (sampler_room.cc). `record` may be kNone.
  bool MakeRoomFor(uint32_t run_bytes, bool new_trace, int64_t now_ns);
  uint32_t Victim(Eviction::Short what, int64_t now_ns);
  bool DecideEarly(uint32_t record, EarlyReason reason, int64_t now_ns);
  // Whether the trace holds as much as one may, and of what.
  std::optional<EarlyReason> TooMuch(const TraceRecord& trace) const;
  void NoteIfTooMuch(uint32_t record);
  void DecideTooMuch(int64_t now_ns);
  // What the record's decision will write to; it may be kNone.
  void PrefetchDecision(uint32_t record) {
    if (record == TraceTable::kNone) return;
    decided_.Prefetch(table_[record].hash);
    if (journal_ != nullptr) journal_->Prefetch(table_[record].hash);
  }
  void Decide(uint32_t record, int64_t now_ns);
  void Settle(uint32_t record, const Decision& decision, int64_t now_ns);
  std::span<const ScopeStamp> StampsOf(const Decision& decision);
  std::span<const ScopeStamp> StampsOfLate(uint32_t policy);
  TraceView ViewOf(const TraceId& id, const TraceFacts& facts, TraceSpans* spans, int64_t now_ns) const;
  void Remove(uint32_t record);
  void DropTooLarge(uint32_t record, int64_t now_ns);
  // Into the estimates (sampler_estimate.cc): spans that found no place, and a kept trace.
  void CountLost(const RunsView& view, const SpanRun& run, int64_t now_ns);
  void CountKept(const TraceRecord& trace, double weight);
  // Into the journal (sampler_journal.cc), which there is. `kept`: the trace as framed, where it was kept.
  void Note(const TraceRecord& trace, const Decision& decision, JournalCause cause, std::string_view kept,
            int64_t now_ns);

  // Immutable.
  const int64_t decision_wait_ns_;
  const int64_t root_wait_ns_;  // 0: off
  const uint64_t trace_bytes_max_;
  const uint64_t header_bytes_max_;
  const uint32_t trace_spans_max_;
  const uint32_t trace_blocks_max_;
  const int64_t slow_ns_;  // a trace that lasts as long is slow
  const bool drop_pending_;
  const bool ingest_;  // sampling_strategy: span-ingest
  const bool sizes_;   // sizes are counted as the Collector does
  const bool record_policy_;
  const bool block_on_overflow_;
  const int64_t unix_offset_ns_;

  // Single-writer.
  BlockPool* pool_;
  std::function<bool()> make_room_;
  const uint32_t traces_max_;
  TraceTable table_;
  DecisionTurn turn_;
  HeaderStore headers_;
  const std::unique_ptr<SpanCodec> codec_;  // null: spans wait as they came
  const SpanStorage storage_;
  ServiceShares shares_;
  Engine engine_;
  DecisionCache decided_;
  KeptBatch batch_;
  std::unique_ptr<Journal> journal_;
  PolicyOverlap overlap_;
  ChainWalkers walkers_;  // of those that are decided early
  EstimateTable estimates_;
  JournalCause cause_ = kCauseNone;   // of the decision at hand
  std::vector<uint32_t> header_ids_;  // scratch: of the request at hand
  std::vector<uint32_t> records_;     // scratch: of the runs at hand
  ChainSpans chain_spans_;
  RunSpans run_spans_;
  std::vector<Arrival> arrivals_;   // scratch: of the ResourceSpans at hand
  std::vector<ScopeStamp> stamps_;  // scratch
  std::string framed_;              // scratch: a dropped trace on its way into the journal
  std::vector<Arrival> too_much_;   // scratch: traces that hold more than one may, after the request at hand
  bool prefault_;                   // still to be done
  PageToucher toucher_;             // after the tables that it touches
  int64_t last_add_ns_ = 0;         // headers of the request at hand were used now, and must stay

  // Counters; in spans unless named otherwise.
  uint64_t kept_ = 0;
  uint64_t dropped_by_policy_ = 0;
  DropCounts dropped_{};
  uint64_t in_table_ = 0;
  uint64_t new_traces_ = 0;
  uint64_t verdicts_[3] = {0, 0, 0};  // traces, by Verdict
  EarlyCounts early_traces_{};
  uint64_t too_large_traces_ = 0;
  uint64_t late_sampled_ = 0;
  uint64_t late_not_sampled_ = 0;
  FixedHistogram decision_lag_ms_;
  FixedHistogram removal_age_s_;
  FixedHistogram late_span_age_s_;  // of those that the journal remembers, one for each piece that came
};

}  // namespace tailrace

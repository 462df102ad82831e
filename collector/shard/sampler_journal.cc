// What a Sampler writes down of its decisions, and what it tells of a trace to somebody who asks.
#include "collector/shard/resource_spans_frame.h"
#include "collector/shard/sampler.h"

namespace tailrace {
namespace {

// Of an undecided trace, copied for one look at it.
constexpr uint64_t kLookBytesMax = 1 << 20;

JournalRecord RecordOf(const TraceRecord& trace) {
  JournalRecord record;
  record.id = trace.id;
  record.time = trace.facts.time;
  record.span_count = trace.facts.span_count;
  record.bytes = Saturated<uint32_t>(trace.facts.bytes + trace.facts.frame_bytes);
  record.seen = trace.facts.seen;
  return record;
}

}  // namespace

void Sampler::Note(const TraceRecord& trace, const Decision& decision, JournalCause cause, std::string_view kept,
                   int64_t now_ns) {
  JournalRecord record = RecordOf(trace);
  record.decided_ns = now_ns;
  record.verdict = decision.verdict;
  record.cause = cause;
  record.votes = decision.votes;
  if (decision.policy >= 0) record.policy = Saturated<uint16_t>(static_cast<uint64_t>(decision.policy));
  if (decision.composite >= 0) {
    record.composite = Saturated<uint16_t>(static_cast<uint64_t>(decision.composite));
    record.composite_child = Saturated<uint8_t>(static_cast<uint64_t>(decision.composite_child));
  }
  if (record.side() == JournalSide::kKept) {
    if (!kept.empty() && journal_->WantsSpans(JournalSide::kKept, kept.size(), now_ns)) journal_->Store(kept, &record);
  } else if (journal_->WantsSpans(JournalSide::kDropped, trace.facts.bytes, now_ns)) {
    framed_.clear();
    // All of them or none: whoever looks at a trace takes it for whole.
    if (AppendChain(storage_, trace.spans, Journal::kStoredTraceMax, &framed_)) {
      journal_->Store(framed_, &record);
    }
  }
  journal_->Add(trace.hash, record);
}

TraceLook Sampler::Look(const TraceId& id, uint64_t hash) {
  TraceLook look;
  if (const uint32_t at = table_.Find(id, hash); at != TraceTable::kNone) {
    const TraceRecord& trace = table_[at];
    look.state = TraceState::kUndecided;
    look.record = RecordOf(trace);
    look.deadline_ns = trace.deadline_ns;
    look.spans_cut = !AppendChain(storage_, trace.spans, kLookBytesMax, &look.spans);
    return look;
  }
  if (const JournalRecord* record = journal_ != nullptr ? journal_->Find(id, hash) : nullptr; record != nullptr) {
    look.state = record->side() == JournalSide::kKept ? TraceState::kKept : TraceState::kDropped;
    look.record = *record;
    look.spans = journal_->SpansOf(*record);
    return look;
  }
  if (const auto remembered = decided_.Peek(hash); remembered.has_value()) {
    look.state = TraceState::kForgotten;
    look.kept = remembered->sampled;
    look.policy = remembered->policy;
  }
  return look;
}

}  // namespace tailrace

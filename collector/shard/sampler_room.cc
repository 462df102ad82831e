// How a Sampler stays within its bounds: which traces are decided before their wait is over.
#include <algorithm>

#include "collector/shard/sampler.h"

namespace tailrace {

bool Sampler::MakeRoomFor(uint32_t run_bytes, bool new_trace, int64_t now_ns) {
  if (new_trace && table_.full()) {
    DecideEarly(Victim(Eviction::Short::kTraces, now_ns), EarlyReason::kNumTraces, now_ns);
  }
  while (pool_->free_blocks() < SpanChain::BlocksFor(run_bytes)) {
    if (!make_room_()) return false;
  }
  // Headers of traces that are gone are forgotten about once a second; a flood of distinct ones cannot wait for that.
  // They go with the oldest trace, whatever it is worth.
  if (headers_.bytes() > header_bytes_max_) {
    for (uint32_t i = table_.size() / 8 + 1; i > 0 && DecideEarly(table_.Oldest(), EarlyReason::kHeaders, now_ns);) --i;
    Sweep();
  }
  return true;
}

uint32_t Sampler::Victim(Eviction::Short what, int64_t now_ns) {
  uint32_t soon = TraceTable::kNone;
  const uint32_t record = Eviction::Choose(&table_, shares_, what, now_ns, &soon);
  walkers_.Step(*pool_);
  if (soon != TraceTable::kNone) walkers_.Start(*pool_, table_[soon].spans);
  PrefetchDecision(soon);
  return record;
}

bool Sampler::FreeMemory(int64_t now_ns) {
  return DecideEarly(Victim(Eviction::Short::kBlocks, now_ns), EarlyReason::kMemory, now_ns);
}

bool Sampler::DecideEarly(uint32_t record, EarlyReason reason, int64_t now_ns) {
  if (record == TraceTable::kNone) return false;
  ++early_traces_[static_cast<size_t>(reason)];
  cause_ = static_cast<JournalCause>(reason);
  Decide(record, now_ns);
  cause_ = kCauseNone;
  return true;
}

std::optional<EarlyReason> Sampler::TooMuch(const TraceRecord& trace) const {
  if (trace.facts.span_count >= trace_spans_max_) return EarlyReason::kTraceSpans;
  if (trace.spans.block_count() >= trace_blocks_max_) return EarlyReason::kTraceBytes;
  // Packed it takes less, but to judge it and to send it on takes as long as ever.
  if (codec_ != nullptr && trace.facts.bytes / BlockPool::kBlockBytes >= trace_blocks_max_)
    return EarlyReason::kTraceBytes;
  return std::nullopt;
}

void Sampler::NoteIfTooMuch(uint32_t record) {
  const TraceRecord& trace = table_[record];
  if (TooMuch(trace)) too_much_.push_back({record, trace.generation, 0});
}

// After the whole request, so that what arrived of the trace is sized and judged first.
void Sampler::DecideTooMuch(int64_t now_ns) {
  for (const Arrival& noted : too_much_) {
    const TraceRecord& trace = table_[noted.record];
    if (trace.generation != noted.generation) continue;  // decided already
    DecideEarly(noted.record, *TooMuch(trace), now_ns);
  }
  too_much_.clear();
}

void Sampler::Sweep() {
  const int64_t oldest_ns = std::min(OldestArrival(), last_add_ns_);
  headers_.Sweep(oldest_ns);
  if (codec_ != nullptr) codec_->Sweep(oldest_ns);
}

}  // namespace tailrace

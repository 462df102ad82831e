// Who goes when there is no room: the ranks of Eviction, counted anew for every choice.
#include <algorithm>
#include <set>
#include <utility>

#include "collector/shard/block_pool.h"
#include "collector/shard/eviction.h"
#include "tests/simulation/reference_pipeline.h"

namespace tailrace::simulation {
namespace {

constexpr uint64_t kSegment = 8;  // what stands before each run in a block
constexpr uint32_t kRanks = 9;

// The lowest threshold of a latency policy, in milliseconds; INT64_MAX: there is none.
int64_t LeastLatency(const std::vector<Rule>& rules) {
  int64_t least = INT64_MAX;
  for (const Rule& rule : rules) {
    if (rule.kind == Rule::Kind::kLatency) least = std::min(least, rule.a);
    if (rule.kind == Rule::Kind::kAnd) least = std::min(least, LeastLatency(rule.children));
  }
  return least;
}

}  // namespace

bool ReferencePipeline::MakeRoom(const MadeRun& run, bool new_trace, int64_t now_ns) {
  const bool full = !plan_.sampling.block_on_overflow && waiting_.size() >= plan_.sampler.traces_max;
  if (new_trace && full) DecideEarly(Worst(false, now_ns), EarlyReason::kNumTraces, now_ns);
  while (pool_->blocks - pool_->used < 2 + (run.bytes + kSegment + run.bytes / 1024) / BlockPool::kBlockBytes) {
    if (!pool_->make_room()) return false;
  }
  if (header_bytes_ > plan_.sampler.header_bytes_max) {
    for (size_t i = waiting_.size() / 8 + 1; i > 0 && !waiting_.empty(); --i) {
      DecideEarly(&waiting_.begin()->second, EarlyReason::kHeaders, now_ns);
    }
    SweepHeaders();
  }
  return true;
}

bool ReferencePipeline::FreeMemory(int64_t now_ns) {
  return DecideEarly(Worst(true, now_ns), EarlyReason::kMemory, now_ns);
}

bool ReferencePipeline::DecideEarly(Waiting* trace, EarlyReason reason, int64_t now_ns) {
  if (trace == nullptr) return false;
  Tell(trace->trace, kEarlyReasonNames[static_cast<size_t>(reason)]);
  ++stats_.early_traces[static_cast<size_t>(reason)];
  Decide(trace, now_ns);
  return true;
}

std::optional<EarlyReason> ReferencePipeline::TooMuch(const Waiting& trace) const {
  const Sampler::Options& options = plan_.sampler;
  if (options.trace_spans_max != 0 && trace.spans.size() >= options.trace_spans_max) return EarlyReason::kTraceSpans;
  if (options.trace_blocks_max != 0 && trace.blocks >= options.trace_blocks_max) return EarlyReason::kTraceBytes;
  return std::nullopt;
}

void ReferencePipeline::DecideTooMuch(int64_t now_ns) {
  for (const uint64_t order : std::exchange(too_much_, {})) {
    const auto at = waiting_.find(order);
    if (at != waiting_.end()) DecideEarly(&at->second, *TooMuch(at->second), now_ns);
  }
}

Worth ReferencePipeline::WorthOf(const Waiting& trace) const {
  std::vector<const MadeSpan*> spans;
  bool error = false;
  for (const HeldSpan& held : trace.spans) {
    spans.push_back(held.span);
    error |= held.span->status == 2;
  }
  if (error || IsSlow({.a = LeastLatency(plan_.rules)}, spans)) return Worth::kPrecious;
  return trace.runs > 1 ? Worth::kPlain : Worth::kSingle;
}

uint32_t ReferencePipeline::RankOf(const Waiting& trace, bool memory) const {
  const Worth worth = WorthOf(trace);
  // Whether its service holds more than an even share of all these traces.
  const auto over = [&](auto counts) {
    std::set<uint16_t> services;
    uint64_t all = 0, own = 0;
    for (const auto& [order, other] : waiting_) {
      if (!counts(other)) continue;
      const uint64_t size = memory ? other.blocks : 1;
      services.insert(other.service);
      all += size;
      if (other.service == trace.service) own += size;
    }
    return own * services.size() > all;
  };
  const uint32_t group = over([&](const Waiting& other) { return WorthOf(other) == worth; }) ? 0
                         : over([](const Waiting&) { return true; })                         ? 1
                                                                                             : 2;
  return group * 3 + static_cast<uint32_t>(worth);
}

ReferencePipeline::Waiting* ReferencePipeline::Worst(bool memory, int64_t now_ns) {
  if (waiting_.empty()) return nullptr;
  for (uint32_t rank = 0; rank < kRanks; ++rank) {
    uint32_t looks = 0;
    for (auto& [order, trace] : waiting_) {
      if (trace.passed[rank]) continue;
      if (looks++ == Eviction::kLooksMax) break;
      if (RankOf(trace, memory) <= rank) return memory ? Largest(order, rank, now_ns) : &trace;
      trace.passed[rank] = true;
    }
  }
  return &waiting_.begin()->second;
}

// Of this one and those that came after it.
ReferencePipeline::Waiting* ReferencePipeline::Largest(uint64_t from, uint32_t rank, int64_t now_ns) {
  Waiting* chosen = nullptr;
  uint64_t most = 0;
  uint32_t left = Eviction::kCompared;
  for (auto at = waiting_.find(from); at != waiting_.end() && left > 0; ++at, --left) {
    const uint64_t weight = at->second.blocks * ((static_cast<uint64_t>(now_ns - at->second.arrival_ns) >> 10) + 1);
    if (weight <= most || RankOf(at->second, true) > rank) continue;
    most = weight;
    chosen = &at->second;
  }
  return chosen;
}

}  // namespace tailrace::simulation

// DecisionTurn: how many traces a sampler decides between two looks at the connections. As many as have begun since
// the last turn, and more the later decisions are; so what comes and what is due share the thread, and neither holds
// the other up. Strict precedence of what is due would be worse than late decisions: with policies that cost more than
// an arrival, a decision wait of full speed would be followed by one of silence, and so on for ever.
//
// Pure but for its own count.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

namespace tailrace {

class DecisionTurn {
 public:
  // A hiccup is made up for at once: at least so many while decisions are hardly late.
  static constexpr uint64_t kTracesMinSoon = 512;
  static constexpr int64_t kSoonNs = 50'000'000;
  // Later than that, what comes must not wait for what is due. Where nothing comes, turns follow each other at once.
  static constexpr uint64_t kTracesMin = 32;
  // Some tens of milliseconds. When the first traces of a day are due, a whole decision wait has begun since.
  static constexpr uint64_t kTracesMax = 4096;

  // What begins now is due a decision wait later, so what answers lateness much sooner than that swings
  // (docs/decisions/014).
  explicit DecisionTurn(int64_t decision_wait_ns) : late_ns_(static_cast<double>(decision_wait_ns)) {}

  // `new_traces`: ever begun. `lag_ns`: how late the earliest decision is; 0 or more.
  uint32_t TracesMax(uint64_t new_traces, int64_t lag_ns) {
    const uint64_t begun = new_traces - std::exchange(seen_, new_traces);
    const double share = static_cast<double>(begun) * (1 + static_cast<double>(lag_ns) / late_ns_);
    return static_cast<uint32_t>(std::clamp<double>(share, lag_ns < kSoonNs ? kTracesMinSoon : kTracesMin, kTracesMax));
  }

 private:
  const double late_ns_;  // so late: twice as many as have begun
  uint64_t seen_ = 0;
};

}  // namespace tailrace

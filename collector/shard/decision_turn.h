// DecisionTurn: how many traces a pipeline decides between two looks at the connections. As many as have begun since
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
  // A few hundred microseconds of decisions; where nothing comes, turns follow each other at once.
  static constexpr uint64_t kTracesMin = 128;
  // Some tens of milliseconds. When the first traces of a day are due, a whole decision wait has begun since.
  static constexpr uint64_t kTracesMax = 4096;
  // For each of these that the earliest decision is late, once more as many as have begun.
  static constexpr int64_t kLagStepNs = 500'000'000;

  // `new_traces`: ever begun in the pipeline. `lag_ns`: how late the earliest decision is; 0 or more.
  uint32_t TracesMax(uint64_t new_traces, int64_t lag_ns) {
    const uint64_t begun = new_traces - std::exchange(seen_, new_traces);
    const double share = static_cast<double>(begun) * (1 + static_cast<double>(lag_ns) / kLagStepNs);
    return static_cast<uint32_t>(std::clamp<double>(share, kTracesMin, kTracesMax));
  }

 private:
  uint64_t seen_ = 0;
};

}  // namespace tailrace

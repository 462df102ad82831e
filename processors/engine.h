// Engine: all policies of one tail_sampling instance, and how their votes become one decision. Pure; single-writer (one
// engine for each shard and instance).
//
// Rules (the Collector's): drop policies are asked first, in the order of the configuration, and the first that matches
// ends it; of the others every one is asked (unless sample_on_first_match) and any that samples keeps the trace; an
// error is counted and is no vote.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "config/model.h"
#include "processors/policy.h"

namespace tailrace {

enum class Verdict : uint8_t { kNotSampled, kSampled, kDropped };

struct Decision {
  Verdict verdict = Verdict::kNotSampled;
  // The first policy that sampled (or dropped), as an index into Engine::policies(); -1: none.
  int32_t policy = -1;
};

class Engine {
 public:
  struct Entry {
    std::string name;
    std::unique_ptr<Policy> policy;
    uint64_t sampled = 0;  // votes, in traces
    uint64_t not_sampled = 0;
    uint64_t dropped = 0;
    uint64_t errors = 0;
    uint64_t executions() const { return sampled + not_sampled + dropped + errors; }
  };

  explicit Engine(const config::TailSamplingConfig& config);

  Decision Decide(const TraceView& trace);

  const std::vector<Entry>& policies() const { return policies_; }

 private:
  Vote Ask(Entry* entry, const TraceView& trace);

  std::vector<Entry> policies_;  // drop policies first
  bool sample_on_first_match_;
};

}  // namespace tailrace

// Engine: all policies of one tail_sampling instance, and how their votes become one decision. Pure; single-writer (one
// engine for each shard and instance).
//
// Rules (the Collector's): drop policies are asked first, in the order of the configuration, and the first that matches
// ends it; of the others every one is asked (unless sample_on_first_match) and any that samples keeps the trace; an
// error is counted and is no vote.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/model.h"
#include "processors/policies/budgets.h"
#include "processors/policy.h"
#include "processors/spans/span_questions.h"
#include "processors/votes.h"

namespace tailrace {

enum class Verdict : uint8_t { kNotSampled, kSampled, kDropped };

struct Decision {
  Verdict verdict = Verdict::kNotSampled;
  // The first policy that sampled (or dropped), as an index into Engine::policies(); -1: none.
  int32_t policy = -1;
  // The last `composite` that sampled, and which of its policies it was (an index into Entry::children); -1: none. Not
  // necessarily the policy above: each composite that keeps a trace leaves its mark.
  int32_t composite = -1;
  int32_t composite_child = -1;
  // Of a sampled trace: how many traces it stands for (docs/decisions/010). One over the chance that it had: 1 where a
  // policy keeps every trace like it.
  double weight = 1;
  Votes votes;
};

// The policies of `config` in the order in which an engine asks them, which is that of Engine::policies(): drop
// policies first. They point into `config`.
std::vector<const config::PolicyConfig*> PoliciesAsAsked(const config::TailSamplingConfig& config);

class Engine {
 public:
  struct Entry {
    std::string name;
    std::unique_ptr<Policy> policy;
    std::vector<std::string> children;  // of a composite: the names of its policies
    bool certain = true;                // Policy::IsCertain()
    uint64_t sampled = 0;               // votes, in traces
    uint64_t not_sampled = 0;
    uint64_t dropped = 0;
    uint64_t errors = 0;
    // What its evaluation cost, in units of TraceView::ticks (so ns where that counts ns): measured in one of
    // kMeasureEvery decisions and scaled. The walk over the spans is charged to the first policy that reads them.
    uint64_t ns = 0;
    uint64_t executions() const { return sampled + not_sampled + dropped + errors; }
  };

  static constexpr uint64_t kMeasureEvery = 64;

  // `budgets`: of the instance, shared by the engines of all shards; null: this engine has limits of its own.
  explicit Engine(const config::TailSamplingConfig& config, std::shared_ptr<Budgets> budgets = nullptr);
  // Policies point into it.
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  Decision Decide(const TraceView& trace);
  // sampling_strategy span-ingest: what just arrived of a trace, judged by itself. Nothing: it stays undecided. A drop
  // policy that does not match could still match later spans, so while there is one no trace is sampled.
  std::optional<Decision> DecideArrival(const TraceView& arrived);

  const std::vector<Entry>& policies() const { return policies_; }

 private:
  Vote Ask(size_t policy, const TraceView& trace, bool measured, Votes* votes);
  double WeightOf(const TraceView& trace, const Votes& votes);

  std::shared_ptr<Budgets> budgets_;
  SpanQuestions questions_;
  std::vector<Entry> policies_;  // drop policies first
  bool certain_ = true;          // all of them are
  AnyChance any_;                // scratch
  bool sample_on_first_match_;
  uint64_t decisions_ = 0;
};

}  // namespace tailrace

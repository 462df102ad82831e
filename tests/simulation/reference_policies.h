// ReferencePolicies: what a pipeline's policies say of a list of spans, judged span by span. One for each pipeline: its
// token buckets serve all shards.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "collector/telemetry/snapshot.h"
#include "processors/engine.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/traffic.h"

namespace tailrace::simulation {

// What there is to judge: spans in the order of their arrival, and what cannot be seen from them.
struct Judged {
  const std::vector<const MadeSpan*>& spans;
  uint64_t span_count;  // of the whole trace so far
  uint64_t bytes;       // as the Collector sizes its pieces
};

struct ReferenceDecision {
  Verdict verdict = Verdict::kNotSampled;
  int32_t policy = -1;  // in the order of asking
};

// Of spans in the order in which they came; rule.a and rule.b as in a latency policy.
bool IsSlow(const Rule& rule, const std::vector<const MadeSpan*>& spans);

class ReferencePolicies {
 public:
  explicit ReferencePolicies(const PlannedPipeline& plan);

  // Policies in the order of asking; votes are counted in `votes`, one element for each.
  const std::vector<const Rule*>& rules() const { return rules_; }
  ReferenceDecision Decide(const Judged& judged, int64_t now_ns, std::vector<PolicyStats>* votes);
  // sampling_strategy span-ingest; nothing: it stays undecided.
  std::optional<ReferenceDecision> DecidePiece(const Judged& judged, int64_t now_ns, std::vector<PolicyStats>* votes);

 private:
  // Whole numbers: 512ths of a token, 512ths of a second.
  struct Bucket {
    bool started = false;
    int64_t tokens = 0;
    int64_t at = 0;
  };
  bool Samples(const Rule& rule, const Judged& judged, int64_t now_ns);
  bool All(const std::vector<Rule>& rules, const Judged& judged, int64_t now_ns);
  bool Take(const Rule& rule, uint64_t tokens, int64_t now_ns);
  Vote Ask(size_t at, const Judged& judged, int64_t now_ns, std::vector<PolicyStats>* votes);

  std::vector<const Rule*> rules_;
  bool first_match_;
  std::vector<Bucket> buckets_;
};

}  // namespace tailrace::simulation

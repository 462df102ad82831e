// Traces that wait in a shard's blocks are judged, and re-framed for the exporters.
#include <cstdlib>

#include "bench/instructions/cases.h"
#include "bench/made_policies.h"
#include "bench/waiting_traces.h"
#include "collector/load/trace_label.h"
#include "collector/shard/kept_batch.h"
#include "processors/engine.h"

namespace tailrace {
namespace {

constexpr uint32_t kTraces = 20;
constexpr uint32_t kSpansPerTrace = WaitingTraces::kSpansPerTrace;

class Judge final : public Case {
 public:
  Judge() { facts_.span_count = kSpansPerTrace; }

  uint64_t Turn() override {
    for (uint32_t t = 0; t < kTraces; ++t) {
      spans_.Set(&waiting_[t]);
      const TraceId id = EncodeTraceId({.number = t, .seed = 1, .spans = kSpansPerTrace});
      engine_.Decide({.id = id, .facts = facts_, .spans = &spans_});
    }
    for (const Engine::Entry& policy : engine_.policies()) {
      if (policy.errors != 0) std::abort();
    }
    return uint64_t{kTraces} * kSpansPerTrace;
  }

 private:
  const config::TailSamplingConfig sampling_ = TenPolicies();
  Engine engine_{sampling_};
  WaitingTraces waiting_{kTraces};
  ChainSpans spans_ = waiting_.Reader();
  TraceFacts facts_;
};

class Reframe final : public Case {
 public:
  uint64_t Turn() override {
    for (uint32_t t = 0; t < kTraces; ++t) {
      batch_.AddTrace(waiting_.storage(), waiting_[t], kSpansPerTrace);
    }
    return uint64_t{kTraces} * kSpansPerTrace;
  }

 private:
  WaitingTraces waiting_{kTraces};
  KeptBatch batch_{{4 << 20, 8192}, [](const ExportBatch&) {}};
};

}  // namespace

std::unique_ptr<Case> MakeJudge() { return std::make_unique<Judge>(); }
std::unique_ptr<Case> MakeReframe() { return std::make_unique<Reframe>(); }

}  // namespace tailrace

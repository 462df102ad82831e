// What judging a trace costs by the ten policies of the comparison in run.py: the engine on spans that lie in a shard's
// blocks. Argument: how many traces wait; few stay in the cache, many come from memory.
#include <benchmark/benchmark.h>

#include "bench/made_policies.h"
#include "bench/waiting_traces.h"
#include "collector/load/trace_label.h"
#include "processors/engine.h"

namespace tailrace {
namespace {

void JudgeTraces(benchmark::State& state) {
  const auto traces = static_cast<uint32_t>(state.range(0));
  const config::TailSamplingConfig sampling = TenPolicies();
  Engine engine(sampling);
  WaitingTraces waiting(traces);
  ChainSpans spans = waiting.Reader();
  uint32_t at = 0;
  uint64_t sampled = 0;
  TraceFacts facts;
  facts.span_count = WaitingTraces::kSpansPerTrace;
  for (auto _ : state) {
    spans.Set(&waiting[at]);
    const TraceId id = EncodeTraceId({.number = at, .seed = 1, .spans = WaitingTraces::kSpansPerTrace});
    sampled += engine.Decide({.id = id, .facts = facts, .spans = &spans}).verdict == Verdict::kSampled ? 1 : 0;
    at = at + 1 == traces ? 0 : at + 1;
  }
  state.SetItemsProcessed(state.iterations() * WaitingTraces::kSpansPerTrace);
  state.counters["sampled"] = benchmark::Counter(static_cast<double>(sampled), benchmark::Counter::kAvgIterations);
}
BENCHMARK(JudgeTraces)->Arg(20)->Arg(60'000)->ArgName("traces");

}  // namespace
}  // namespace tailrace

BENCHMARK_MAIN();

// What the journal costs a decision: a sampler whose traces come due, with and without one. Argument: bytes of the
// journal; 0: none. A tenth of the traces is kept.
#include <benchmark/benchmark.h>

#include <vector>

#include "bench/made_requests.h"
#include "collector/shard/sampler.h"

namespace tailrace {
namespace {

constexpr uint32_t kTraces = 20'000;
constexpr uint32_t kTracesPerRequest = 50;
constexpr int64_t kSecond = 1'000'000'000;

config::TailSamplingConfig Sampling() {
  config::TailSamplingConfig sampling;
  sampling.decision_wait = std::chrono::seconds(1);
  sampling.policies = {{.name = "errors", .rule = config::StatusCodeConfig{{"ERROR"}}},
                       {.name = "slow", .rule = config::LatencyConfig{.threshold_ms = 10'000}},
                       {.name = "share", .rule = config::ProbabilisticConfig{.sampling_percentage = 10}}};
  return sampling;
}

std::vector<ArrivedRequest> MakeRequests() {
  std::vector<ArrivedRequest> requests;
  for (uint32_t first = 0; first < kTraces; first += kTracesPerRequest) {
    requests.emplace_back(RequestShape{.service_end = 1, .first_trace = first, .traces = kTracesPerRequest});
  }
  return requests;
}

void Decide(benchmark::State& state) {
  const std::vector<ArrivedRequest> requests = MakeRequests();
  BlockPool pool(uint64_t{256} << 20, false);
  const Sampler::Options options{.traces_max = kTraces,
                                 .sampled_cache_size = 1,
                                 .non_sampled_cache_size = 1,  // the same ids come again and again
                                 .header_bytes_max = 1 << 20,
                                 .journal_bytes = static_cast<uint64_t>(state.range(0)),
                                 .batch = {4 << 20, 8192}};
  Sampler sampler(
      Sampling(), options, &pool, [](const ExportBatch&) {}, [] { return false; });
  int64_t now_ns = kSecond;
  for (auto _ : state) {
    state.PauseTiming();
    for (const ArrivedRequest& request : requests) sampler.Add(request.View(), now_ns);
    now_ns += kSecond;
    state.ResumeTiming();
    // So much later with each turn as it would be under full load.
    while (sampler.DecideDue(now_ns, 512)) now_ns += 3'000'000;
  }
  state.SetItemsProcessed(state.iterations() * kTraces);
}
BENCHMARK(Decide)->Arg(0)->Arg(16 << 20)->ArgName("journal");

}  // namespace
}  // namespace tailrace

BENCHMARK_MAIN();

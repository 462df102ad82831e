// What the journal costs a decision: a sampler whose traces come due, with and without one. Argument: bytes of the
// journal; 0: none. A tenth of the traces is kept.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "base/hash.h"
#include "collector/load/request_template.h"
#include "collector/shard/sampler.h"
#include "proto/request_scanner.h"

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

struct Request {
  std::string bytes;
  ScannedRequest scanned;
  std::vector<uint64_t> hashes;
};

std::vector<Request> MakeRequests() {
  std::vector<Request> requests;
  for (uint32_t first = 0; first < kTraces; first += kTracesPerRequest) {
    RequestTemplate::Content content{.service_begin = 0, .service_end = 1};
    for (uint32_t t = first; t < first + kTracesPerRequest; ++t) {
      content.traces.push_back({.id = EncodeTraceId({.number = t, .seed = 1, .spans = 4}), .salt = t + 1});
    }
    const auto made = RequestTemplate::Make(content, TrafficShape{.span_bytes = 456}, LoadCompression::kNone, false,
                                            1'700'000'000'000'000'000);
    if (!made.ok()) std::abort();
    Request& request = requests.emplace_back();
    request.bytes = made->message();
  }
  for (Request& request : requests) {
    if (ScanRequest(request.bytes, &request.scanned) != ScanError::kNone) std::abort();
    for (const SpanRun& run : request.scanned.runs) request.hashes.push_back(TraceIdHasher()(run.trace_id));
  }
  return requests;
}

void Decide(benchmark::State& state) {
  const std::vector<Request> requests = MakeRequests();
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
    for (const Request& request : requests) {
      sampler.Add(
          {request.bytes, &request.scanned.headers, &request.scanned.gathered, request.scanned.runs, request.hashes},
          now_ns);
    }
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

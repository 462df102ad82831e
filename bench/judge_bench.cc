// What judging a trace costs by the policies of the comparison in run.py that read attributes: the engine on spans that
// lie in a shard's blocks. Argument: how many traces wait; few stay in the cache, many come from memory.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "collector/load/request_template.h"
#include "collector/shard/header_store.h"
#include "collector/shard/span_chain.h"
#include "collector/shard/stored_spans.h"
#include "config/load.h"
#include "processors/engine.h"
#include "proto/request_scanner.h"

namespace tailrace {
namespace {

constexpr uint32_t kSpansPerTrace = 20;
constexpr uint32_t kServices = 4;
constexpr uint32_t kTracesPerRequest = 20;

constexpr char kConfig[] = R"(receivers: {otlp: {protocols: {grpc: }}}
exporters: {nop: }
service: {pipelines: {traces: {receivers: [otlp], processors: [tail_sampling], exporters: [nop]}}}
processors:
  tail_sampling:
    policies:
      - {name: text-1, type: string_attribute, string_attribute: {key: url.path, values: [/pay, /refund]}}
      - {name: text-2, type: string_attribute, string_attribute: {key: service.version, values: [2.0.0]}}
      - name: text-3
        type: string_attribute
        string_attribute: {key: http.request.method, values: ["^DEL.*"], enabled_regex_matching: true}
      - name: number-1
        type: numeric_attribute
        numeric_attribute: {key: http.response.status_code, min_value: 500, max_value: 599}
      - {name: number-2, type: numeric_attribute, numeric_attribute: {key: queue.depth, min_value: 100}}
      - name: condition-1
        type: ottl_condition
        ottl_condition: {span: ['attributes["http.response.status_code"] >= 500 and kind == SPAN_KIND_SERVER']}
      - name: condition-2
        type: ottl_condition
        ottl_condition: {span: ['name == "refund" or resource.attributes["service.name"] == "ledger"']}
      - name: condition-3
        type: ottl_condition
        ottl_condition: {span: ['end_time_unix_nano - start_time_unix_nano > 10000000000']}
)";

config::Config LoadConfig() {
  config::LoadInput input;
  input.configs = {"env:FILE"};
  input.getenv = [](const std::string&) { return std::optional<std::string>(kConfig); };
  config::LoadResult result = config::Load(input);
  for (const config::Problem& problem : result.problems) std::fprintf(stderr, "%s\n", problem.ToString().c_str());
  return std::move(result.config);
}

// Traces as a shard holds them: in blocks, each in pieces of one service that came interleaved with those of others.
class WaitingTraces {
 public:
  explicit WaitingTraces(uint32_t traces)
      : pool_(uint64_t{traces} * (kSpansPerTrace * 456 + 3 * 1024) + (1 << 20), false) {
    chains_.resize(traces);
    // Blocks are used again in any order.
    std::vector<SpanChain> shuffled(pool_.block_count());
    for (SpanChain& chain : shuffled) chain.Append(&pool_, 0, "x");
    std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(7));
    for (SpanChain& chain : shuffled) chain.Free(&pool_);
    std::vector<RequestTemplate> parts;
    for (uint32_t service = 0; service < kServices; ++service) {
      RequestTemplate::Content content{.service_begin = service, .service_end = service + 1};
      for (uint32_t t = 0; t < kTracesPerRequest; ++t) {
        content.traces.push_back(
            {.id = EncodeTraceId({.number = t, .seed = 1, .spans = kSpansPerTrace}), .salt = t + 1});
      }
      parts.push_back(*RequestTemplate::Make(content, TrafficShape{.span_bytes = 456}, LoadCompression::kNone, false,
                                             1'700'000'000'000'000'000));
    }
    for (uint32_t service = 0; service < kServices; ++service) {
      ScannedRequest scanned;
      const std::string_view request = parts[service].message();
      if (ScanRequest(request, &scanned) != ScanError::kNone) std::abort();
      const RunsView view{request, &scanned.headers, &scanned.gathered, scanned.runs, {}};
      for (uint32_t t = 0; t < traces; ++t) {
        const SpanRun& run = scanned.runs[t % scanned.runs.size()];
        chains_[t].Append(&pool_, headers_.Intern(view.resource(run.header), view.scope(run.header), 0),
                          view.spans(run));
      }
    }
  }

  ChainSpans Reader() const { return ChainSpans(pool_, headers_); }
  const SpanChain& operator[](size_t at) const { return chains_[at]; }

 private:
  BlockPool pool_;
  HeaderStore headers_;
  std::vector<SpanChain> chains_;
};

void JudgeTraces(benchmark::State& state) {
  const auto traces = static_cast<uint32_t>(state.range(0));
  const config::Config config = LoadConfig();
  Engine engine(config.tail_samplings.front());
  WaitingTraces waiting(traces);
  ChainSpans spans = waiting.Reader();
  uint32_t at = 0;
  uint64_t sampled = 0;
  TraceFacts facts;
  facts.span_count = kSpansPerTrace;
  for (auto _ : state) {
    spans.Set(&waiting[at]);
    const TraceId id = EncodeTraceId({.number = at, .seed = 1, .spans = kSpansPerTrace});
    sampled += engine.Decide({.id = id, .facts = facts, .spans = &spans}).verdict == Verdict::kSampled ? 1 : 0;
    at = at + 1 == traces ? 0 : at + 1;
  }
  state.SetItemsProcessed(state.iterations() * kSpansPerTrace);
  state.counters["sampled"] = benchmark::Counter(static_cast<double>(sampled), benchmark::Counter::kAvgIterations);
}
BENCHMARK(JudgeTraces)->Arg(20)->Arg(60'000)->ArgName("traces");

}  // namespace
}  // namespace tailrace

BENCHMARK_MAIN();

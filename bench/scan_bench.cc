// How fast the request scanner walks over requests: the step that every received byte takes.
#include <benchmark/benchmark.h>

#include "collector/load/request_template.h"
#include "proto/request_scanner.h"

namespace tailrace {
namespace {

RequestTemplate MakeRequest(uint32_t span_bytes, uint32_t service_end, uint32_t traces) {
  const TrafficShape shape{.span_bytes = span_bytes};
  RequestTemplate::Content content{.service_begin = 0, .service_end = service_end};
  for (uint32_t t = 0; t < traces; ++t) {
    content.traces.push_back({.id = EncodeTraceId({.number = t, .seed = 1, .spans = 20}), .salt = t + 1});
  }
  return *RequestTemplate::Make(content, shape, LoadCompression::kNone, /*grpc=*/false, 1'700'000'000'000'000'000);
}

// A hundred spans. Argument 0: the size of a span; argument 1: 0 for five whole traces, 1 for one service's pieces of
// twenty.
void ScanOneRequest(benchmark::State& state) {
  const bool pieces = state.range(1) != 0;
  const RequestTemplate request = MakeRequest(static_cast<uint32_t>(state.range(0)), pieces ? 1 : 4, pieces ? 20 : 5);
  ScannedRequest scanned;
  for (auto _ : state) {
    if (ScanRequest(request.message(), &scanned) != ScanError::kNone) state.SkipWithError("not a request");
    benchmark::DoNotOptimize(scanned.runs.data());
  }
  state.SetItemsProcessed(state.iterations() * request.spans());
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(request.message().size()));
}
BENCHMARK(ScanOneRequest)->ArgsProduct({{128, 456, 2000}, {0, 1}})->ArgNames({"span_bytes", "pieces"});

}  // namespace
}  // namespace tailrace

BENCHMARK_MAIN();

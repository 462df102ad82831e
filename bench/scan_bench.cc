// How fast the request scanner walks over requests: the step that every received byte takes.
#include <benchmark/benchmark.h>

#include "bench/made_requests.h"
#include "proto/request_scanner.h"

namespace tailrace {
namespace {

// A hundred spans. Argument 0: the size of a span; argument 1: 0 for five whole traces, 1 for one service's pieces of
// twenty.
void ScanOneRequest(benchmark::State& state) {
  const bool pieces = state.range(1) != 0;
  RequestShape shape = pieces ? kMadePieces : RequestShape{};
  shape.span_bytes = static_cast<uint32_t>(state.range(0));
  const RequestTemplate request = MakeRequest(shape);
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

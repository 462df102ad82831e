// What counting at arrival costs a span, beside the scan: taking the briefs along, the spanmetrics connector, the
// baselines. Each line counts a hundred spans of 456 bytes and without events, five whole traces over four services;
// items are spans.
#include <benchmark/benchmark.h>

#include <memory>
#include <vector>

#include "bench/made_policies.h"
#include "bench/made_requests.h"
#include "collector/baselines/baseline_table.h"
#include "collector/spanmetrics/span_metrics.h"
#include "proto/request_scanner.h"

namespace tailrace {
namespace {

enum What : int { kScan, kBriefs, kSpanMetrics, kDimension, kEvents, kBaselines };

void CountOneRequest(benchmark::State& state) {
  const auto what = static_cast<What>(state.range(0));
  const RequestTemplate request = MakeRequest({});
  config::SpanMetricsConfig connector = MadeConnector(what == kDimension);
  connector.events = what == kEvents;
  connector.event_dimensions = {{"exception.type", "none"}};
  std::vector<std::unique_ptr<SpanMetrics>> parts;
  for (const SeriesOf part : PartsOf(connector)) {
    const SpanMetrics::Options options{
        .what = part, .series_max = 10'000, .label_bytes_max = 10'000'000, .hash_key = 1};
    parts.push_back(std::make_unique<SpanMetrics>(connector, options));
  }
  BaselineTable baselines(BaselineTable::Size(16 << 20));
  ScannedRequest scanned;
  for (auto _ : state) {
    const ScanLimits limits{.briefs_max = what == kScan ? 0u : 16384u};
    if (ScanRequest(request.message(), &scanned, limits) != ScanError::kNone) state.SkipWithError("not a request");
    if (what >= kSpanMetrics && what <= kEvents) {
      for (const auto& part : parts) part->counter(0)->Count(request.message(), scanned);
    }
    if (what == kBaselines && baselines.Wants(0)) baselines.Count(request.message(), scanned, 0);
    benchmark::DoNotOptimize(scanned.runs.data());
  }
  state.SetItemsProcessed(state.iterations() * request.spans());
}
BENCHMARK(CountOneRequest)
    ->DenseRange(kScan, kBaselines)
    ->ArgName("scan_briefs_spanmetrics_dimension_events_baselines");

}  // namespace
}  // namespace tailrace

BENCHMARK_MAIN();

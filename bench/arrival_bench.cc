// What counting at arrival costs a span, beside the scan: taking the briefs along, the spanmetrics connector, the
// baselines. Each line counts a hundred spans of 456 bytes and without events, five whole traces over four services;
// items are spans.
#include <benchmark/benchmark.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "collector/baselines/baseline_table.h"
#include "collector/load/request_template.h"
#include "collector/spanmetrics/span_metrics.h"
#include "proto/request_scanner.h"

namespace tailrace {
namespace {

RequestTemplate MakeRequest() {
  const TrafficShape shape{.span_bytes = 456};
  RequestTemplate::Content content{.service_begin = 0, .service_end = 4};
  for (uint32_t t = 0; t < 5; ++t) {
    content.traces.push_back({.id = EncodeTraceId({.number = t, .seed = 1, .spans = 20}), .salt = t + 1});
  }
  return *RequestTemplate::Make(content, shape, LoadCompression::kNone, /*grpc=*/false, 1'700'000'000'000'000'000);
}

enum What : int { kScan, kBriefs, kSpanMetrics, kDimension, kEvents, kBaselines };

config::SpanMetricsConfig Connector(What what) {
  config::SpanMetricsConfig config;
  for (const int ms : {2, 4, 6, 8, 10, 50, 100, 200, 400, 800, 1000, 1400, 2000, 5000, 10'000, 15'000}) {
    config.buckets.push_back(std::chrono::milliseconds(ms));
  }
  if (what == kDimension) config.dimensions = {{"http.route", "none"}};
  config.events = what == kEvents;
  config.event_dimensions = {{"exception.type", "none"}};
  return config;
}

void CountOneRequest(benchmark::State& state) {
  const auto what = static_cast<What>(state.range(0));
  const RequestTemplate request = MakeRequest();
  const config::SpanMetricsConfig connector = Connector(what);
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

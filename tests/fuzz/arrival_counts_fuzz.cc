// Any bytes as a request that was taken: the baselines count each of its spans once, the connector stays within its
// bounds, and its page is text that a scraper takes: no bare line end or quote within a label.
#include <string>

#include "collector/baselines/baseline_table.h"
#include "collector/spanmetrics/prometheus_page.h"
#include "collector/spanmetrics/span_metrics.h"
#include "proto/request_scanner.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

using namespace tailrace;  // NOLINT

constexpr uint32_t kSeriesMax = 16;

config::SpanMetricsConfig Connector() {
  config::SpanMetricsConfig config;
  config.buckets = {std::chrono::milliseconds(2), std::chrono::seconds(1)};
  config.dimensions = {{"a", "none"}, {"http.method", std::nullopt}};
  config.cardinality_limit = 4;
  config.resources_max = 3;
  config.events = true;
  config.event_dimensions = {{"b", "none"}, {"exception.type", std::nullopt}};
  return config;
}

uint64_t CallsOf(const BaselineTable& table) {
  ShardBaselines copy;
  table.CopyNames(&copy);
  table.CopyWindow(0, &copy);
  uint64_t calls = 0;
  for (const OperationTotals& totals : copy.totals) calls += totals.calls;
  return calls;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tailrace::testing;  // NOLINT
  const std::string_view request = AsText(data, size);
  ScannedRequest scanned;
  if (ScanRequest(request, &scanned, {.briefs_max = 3}) != ScanError::kNone) return 0;
  BaselineTable table({.rows = 4, .lines = 16});
  table.Wants(0);
  table.Count(request, scanned, 0);
  Require(CallsOf(table) == scanned.span_count, "each span is counted once", std::to_string(scanned.span_count));

  const config::SpanMetricsConfig config = Connector();
  const config::PrometheusExporterConfig exporter;
  PrometheusPage page(exporter, 0);
  for (const SeriesOf what : PartsOf(config)) {
    SpanMetrics metrics(config, {.what = what, .series_max = kSeriesMax, .label_bytes_max = 4096, .hash_key = 1});
    metrics.counter(0)->Count(request, scanned);
    metrics.counter(0)->Count(request, scanned);
    Require(metrics.series() <= kSeriesMax + 4, "series stay within their bound", std::to_string(metrics.series()));
    Require(metrics.counter(0)->overflow_spans() <= 2 * scanned.span_count, "a span overflows once",
            std::to_string(metrics.counter(0)->overflow_spans()));
    page.Add(metrics.plan(), metrics.Collect([](uint32_t, const std::function<void()>& work) { work(); }));
  }
  const std::string text = page.Text();
  for (size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    const bool begins =
        text[at] == '#' || text.compare(at, 7, "traces_") == 0 || text.compare(at, 12, "target_info{") == 0;
    Require(begins, "every line is a sample or a comment", text.substr(at, 80));
  }
  return 0;
}

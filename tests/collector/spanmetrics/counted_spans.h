// A spanmetrics connector that counts requests as its shards would. For tests; single-threaded.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "collector/spanmetrics/prometheus_page.h"
#include "collector/spanmetrics/span_metrics.h"
#include "gtest/gtest.h"
#include "proto/request_scanner.h"
#include "tests/support/otlp_builder.h"

namespace tailrace::testing {

// The connector's defaults, as an empty map in a file gives them.
inline config::SpanMetricsConfig DefaultSpanMetrics() {
  config::SpanMetricsConfig config;
  for (const int ms : {2, 4, 6, 8, 10, 50, 100, 200, 400, 800, 1000, 1400, 2000, 5000, 10'000, 15'000}) {
    config.buckets.push_back(std::chrono::milliseconds(ms));
  }
  return config;
}

// Names without a namespace, series by the span's name alone.
inline config::SpanMetricsConfig SpanMetricsByName() {
  config::SpanMetricsConfig config;
  config.metrics_namespace = "";
  config.exclude_dimensions = {"service.name", "span.kind", "status.code", "collector.instance.id"};
  return config;
}

class CountedSpans {
 public:
  explicit CountedSpans(config::SpanMetricsConfig config = DefaultSpanMetrics(), uint32_t series_max = 1000)
      : config_(std::move(config)) {
    for (const SeriesOf what : PartsOf(config_)) {
      const SpanMetrics::Options options{.what = what,
                                         .shards = 2,
                                         .series_max = series_max,
                                         .label_bytes_max = series_max * kLabelBytesPerSeries,
                                         .instance_id = "me",
                                         .hash_key = 42};
      parts_.push_back(std::make_unique<SpanMetrics>(config_, options));
    }
  }

  void Count(const std::string& request, uint32_t shard = 0, int64_t now_ns = 0, uint32_t briefs_max = UINT32_MAX) {
    ScannedRequest scanned;
    ASSERT_EQ(ScanRequest(request, &scanned, {.briefs_max = briefs_max}), ScanError::kNone);
    for (const auto& part : parts_) part->counter(shard)->Count(request, scanned, now_ns);
  }
  void Expire(int64_t now_ns) {
    for (const auto& part : parts_) {
      part->Expire(now_ns, [](uint32_t, const std::function<void()>& work) { work(); });
    }
  }
  uint64_t SeriesCount() const { return parts_[0]->series(); }
  // Of the connector's first part.
  SpanMetricsSnapshot Collect() const { return Collect(*parts_[0]); }
  static SpanMetricsSnapshot Collect(const SpanMetrics& part, std::span<const KeptTrace> newest_first = {}) {
    return part.Collect([](uint32_t, const std::function<void()>& work) { work(); }, newest_first);
  }
  uint64_t OverflowSpans(size_t part = 0) const {
    return parts_[part]->OverflowSpans([](uint32_t, const std::function<void()>& work) { work(); });
  }
  std::string Page(const config::PrometheusExporterConfig& exporter = {}) const {
    return PageOf(exporter, MetricsFormat::kText, {});
  }
  std::string OpenMetricsPage(std::span<const KeptTrace> newest_first = {},
                              const config::PrometheusExporterConfig& exporter = {}) const {
    return PageOf(exporter, MetricsFormat::kOpenMetrics, newest_first);
  }

 private:
  std::string PageOf(const config::PrometheusExporterConfig& exporter, MetricsFormat format,
                     std::span<const KeptTrace> newest_first) const {
    PrometheusPage page(exporter, 1'700'000'000'000);
    for (const auto& part : parts_) page.Add(part->plan(), Collect(*part, newest_first));
    return page.Text(format);
  }

  const config::SpanMetricsConfig config_;
  std::vector<std::unique_ptr<SpanMetrics>> parts_;
};

}  // namespace tailrace::testing

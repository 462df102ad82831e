#include "collector/telemetry/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "collector/telemetry/metric_list.h"
#include "tests/collector/telemetry/sample_snapshot.h"

namespace tailrace {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::SampleInstance;
using testing::SampleProcess;
using testing::SampleSnapshot;

std::string FileText(const std::string& path) {
  std::ifstream file(std::string(TAILRACE_SOURCE_DIR) + "/" + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string Render(const DaemonSnapshot& snapshot) {
  return RenderMetrics(snapshot, SampleProcess(), SampleInstance());
}

TEST(Metrics, GoldenPage) {
  EXPECT_EQ(Render(SampleSnapshot()), FileText("tests/collector/telemetry/metrics_golden.txt"));
}

TEST(Metrics, DocumentIsCurrent) {
  EXPECT_EQ(RenderMetricsDoc(), FileText("docs/METRICS.md")) << "run `ninja metrics_docs`";
}

TEST(Metrics, NamesAreUniqueAndWellFormed) {
  std::set<std::string_view> seen;
  for (const Metric& metric : AllMetrics()) {
    EXPECT_TRUE(seen.insert(metric.name).second) << metric.name;
    EXPECT_EQ(metric.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"), std::string_view::npos);
    EXPECT_FALSE(metric.name.ends_with("_total")) << metric.name;
    EXPECT_TRUE(metric.help.ends_with('.')) << metric.name << ": a sentence";
    EXPECT_EQ(metric.help.find('|'), std::string_view::npos) << metric.name << ": would break the table";
  }
}

// What Collector 0.161 shows for otlp -> tail_sampling -> batch -> otlp: name, type, labels.
struct CollectorMetric {
  const char* name;
  MetricType type;
  std::set<std::string_view> labels;
};
const CollectorMetric kCollector[] = {
    {"otelcol_exporter_in_flight_requests", MetricType::kGauge, {"data_type", "exporter"}},
    {"otelcol_exporter_queue_capacity", MetricType::kGauge, {"data_type", "exporter"}},
    {"otelcol_exporter_queue_size", MetricType::kGauge, {"data_type", "exporter"}},
    {"otelcol_exporter_sent_spans", MetricType::kCounter, {"exporter", "server_address", "server_port"}},
    {"otelcol_process_cpu_seconds", MetricType::kCounter, {}},
    {"otelcol_process_memory_rss", MetricType::kGauge, {}},
    {"otelcol_process_runtime_heap_alloc_bytes", MetricType::kGauge, {}},
    {"otelcol_process_runtime_total_alloc_bytes", MetricType::kCounter, {}},
    {"otelcol_process_runtime_total_sys_memory_bytes", MetricType::kGauge, {}},
    {"otelcol_process_uptime", MetricType::kCounter, {}},
    {"otelcol_processor_batch_batch_send_size", MetricType::kHistogram, {"processor"}},
    {"otelcol_processor_batch_metadata_cardinality", MetricType::kGauge, {"processor"}},
    {"otelcol_processor_batch_timeout_trigger_send", MetricType::kCounter, {"processor"}},
    {"otelcol_processor_tail_sampling_count_traces_sampled", MetricType::kCounter, {"decision", "policy", "sampled"}},
    {"otelcol_processor_tail_sampling_global_count_traces_sampled", MetricType::kCounter, {"decision", "sampled"}},
    {"otelcol_processor_tail_sampling_new_trace_id_received", MetricType::kCounter, {}},
    {"otelcol_processor_tail_sampling_sampling_decision_timer_latency", MetricType::kHistogram, {}},
    {"otelcol_processor_tail_sampling_sampling_policy_evaluation_error", MetricType::kCounter, {}},
    {"otelcol_processor_tail_sampling_sampling_policy_execution_count", MetricType::kCounter, {"policy"}},
    {"otelcol_processor_tail_sampling_sampling_policy_execution_time_sum", MetricType::kCounter, {"policy"}},
    {"otelcol_processor_tail_sampling_sampling_trace_dropped_too_early", MetricType::kCounter, {}},
    {"otelcol_processor_tail_sampling_sampling_trace_removal_age", MetricType::kHistogram, {}},
    {"otelcol_processor_tail_sampling_sampling_traces_on_memory", MetricType::kGauge, {}},
    {"otelcol_receiver_accepted_spans", MetricType::kCounter, {"receiver", "transport"}},
    {"otelcol_receiver_failed_spans", MetricType::kCounter, {"receiver", "transport"}},
    {"otelcol_receiver_refused_spans", MetricType::kCounter, {"receiver", "transport"}},
    {"promhttp_metric_handler_errors_total", MetricType::kCounter, {"cause"}},
    {"target_info", MetricType::kGauge, {"service_instance_id", "service_name", "service_version"}},
};

TEST(Metrics, CollectorsNamesTypesAndLabelsOrAReason) {
  std::map<std::string_view, const Metric*> here;
  for (const Metric& metric : AllMetrics()) here[metric.name] = &metric;
  std::set<std::string_view> absent;
  for (const AbsentMetric& metric : AbsentMetrics()) {
    EXPECT_FALSE(here.contains(metric.name)) << metric.name << " is there after all";
    absent.insert(metric.name);
  }
  for (const CollectorMetric& expected : kCollector) {
    if (absent.erase(expected.name) > 0) continue;
    ASSERT_TRUE(here.contains(expected.name)) << expected.name;
    const Metric& metric = *here[expected.name];
    EXPECT_EQ(metric.type, expected.type) << expected.name;
    EXPECT_EQ(std::set(metric.labels.begin(), metric.labels.end()), expected.labels) << expected.name;
  }
  EXPECT_TRUE(absent.empty()) << *absent.begin() << " is not on the Collector's page";
}

TEST(Metrics, NothingRunningStillRenders) {
  const std::string page = Render({});
  EXPECT_THAT(page, HasSubstr("\ntailrace_shards 0\n"));
  EXPECT_THAT(page, Not(HasSubstr("otelcol_receiver_")));
}

TEST(Metrics, PolicyLabelCarriesTheProcessorsName) {
  DaemonSnapshot snapshot;
  snapshot.pipelines = {{.pipeline = "traces", .processor = "tail_sampling"}};
  snapshot.pipelines[0].policies = {{.name = "errors", .executions = 3}};
  EXPECT_THAT(Render(snapshot), HasSubstr("policy_execution_count{policy=\"errors\"} 3\n"));
  snapshot.pipelines[0].processor = "tail_sampling/gold";
  EXPECT_THAT(Render(snapshot), HasSubstr("policy_execution_count{policy=\"gold.errors\"} 3\n"));
}

TEST(Metrics, PipelinesWithOneProcessorAreOneSeries) {
  DaemonSnapshot snapshot;
  snapshot.pipelines = {{.pipeline = "traces/a", .processor = "tail_sampling"},
                        {.pipeline = "traces/b", .processor = "tail_sampling"}};
  snapshot.pipelines[0].policies = {{.name = "p", .sampled_traces = 3}};
  snapshot.pipelines[1].policies = {{.name = "p", .sampled_traces = 4}};
  EXPECT_THAT(Render(snapshot), HasSubstr("{policy=\"p\",sampled=\"true\",decision=\"sampled\"} 7\n"));
}

TEST(Metrics, LargeCountsKeepEveryDigit) {
  DaemonSnapshot snapshot;
  snapshot.connections.wire_bytes_in = 9007199254740991;  // 2^53 - 1
  EXPECT_THAT(Render(snapshot), HasSubstr("\ntailrace_wire_bytes_in 9007199254740991\n"));
}

TEST(Series, HistogramsOfOneSeriesAddUp) {
  Series series;
  series.Add({}, Histogram{.bounds = {1, 10}, .counts = {1, 2, 3}, .sum = 6});
  series.Add({}, Histogram{.bounds = {1, 10}, .counts = {10, 20, 30}, .sum = 60});
  ASSERT_EQ(series.points().size(), 1u);
  EXPECT_EQ(series.points()[0].histogram.counts, (std::vector<uint64_t>{11, 22, 33}));
  EXPECT_EQ(series.points()[0].histogram.sum, 66);
}

TEST(Series, OtherBoundsCountUnderTheNextAbove) {
  Series series;
  series.Add({}, Histogram{.bounds = {1, 10}, .counts = {0, 0, 0}});
  series.Add({}, Histogram{.bounds = {0.5, 5, 50}, .counts = {1, 2, 4, 8}});
  EXPECT_EQ(series.points()[0].histogram.counts, (std::vector<uint64_t>{1, 2, 12}));
}

TEST(Series, IncompleteHistogramsAreTolerated) {
  Series series;
  series.Add({"empty"}, Histogram{});
  EXPECT_TRUE(series.points().empty());
  series.Add({"no bounds"}, Histogram{.counts = {3, 4}});
  series.Add({"no counts"}, Histogram{.bounds = {1}});
  series.Add({"surplus"}, Histogram{.bounds = {1}, .counts = {1, 2, 4}});
  ASSERT_EQ(series.points().size(), 3u);
  EXPECT_EQ(series.points()[0].histogram.counts, (std::vector<uint64_t>{7}));
  EXPECT_EQ(series.points()[1].histogram.counts, (std::vector<uint64_t>{0, 0}));
  EXPECT_EQ(series.points()[2].histogram.counts, (std::vector<uint64_t>{1, 6}));
}

}  // namespace
}  // namespace tailrace

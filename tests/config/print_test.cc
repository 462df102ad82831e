// What is made from the declarations: the printed configuration, the documentation, and the defaults.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "config/options/options.h"
#include "tests/config/load_text.h"

namespace tailrace::config {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kEverything[] = R"(
receivers:
  otlp/a:
    protocols:
      grpc: {endpoint: "[::1]:14317", max_recv_msg_size_mib: 5, max_concurrent_streams: 7, read_timeout: 1500ms}
      http: {endpoint: ":14318", max_request_body_size: 100000, max_inflated_body_size: 200000, traces_url_path: /t}
processors:
  tail_sampling/x:
    decision_wait: 1m30s
    decision_wait_after_root_received: 250us
    num_traces: 7
    decision_cache: {sampled_cache_size: 8, non_sampled_cache_size: 9}
    sample_on_first_match: true
    drop_pending_traces_on_shutdown: true
    maximum_trace_size_bytes: 18446744073709551615
    policies:
      - {name: "null", type: always_sample}
      - {name: 'l: "x" $$', type: latency, latency: {threshold_ms: 1, upper_threshold_ms: 2}}
      - {name: s, type: status_code, status_code: {status_codes: [OK, UNSET]}}
      - {name: p, type: probabilistic, probabilistic: {sampling_percentage: 33.333, hash_salt: "ünï"}}
  batch: {send_batch_size: 11, send_batch_max_size: 12, timeout: 13ms}
  batch/b: {send_batch_max_bytes: 1000000}
exporters:
  otlp_grpc/t:
    endpoint: https://tempo:443
    tls: {ca_file: ca, cert_file: c, key_file: k, server_name_override: n, insecure_skip_verify: true}
    compression: none
    timeout: 1h
    sending_queue: {enabled: false, num_consumers: 3, queue_size: 4, sizer: bytes}
    retry_on_failure: {enabled: false, initial_interval: 1s, max_interval: 2s, max_elapsed_time: 0s, multiplier: 2}
  file: {path: "a b/c.jsonl", append: true, flush_interval: 10ms}
  logging: {verbosity: detailed}
  nop:
  prometheus/p:
    endpoint: 127.0.0.1:9464
    namespace: shop
    const_labels: {region: eu}
    send_timestamps: true
    resource_to_telemetry_conversion: {enabled: true}
    without_scope_info: true
    add_metric_suffixes: false
connectors:
  span_metrics/a:
    namespace: ""
    dimensions: [{name: http.method, default: GET}, {name: region}]
    calls_dimensions: [{name: tenant, default: nobody}]
    exclude_dimensions: [span.kind]
    histogram: {unit: s, explicit: {buckets: [1ms, 1s]}, dimensions: [{name: zone}]}
    aggregation_cardinality_limit: 10
    resource_metrics_cache_size: 20
    resource_metrics_key_attributes: [service.name]
    metrics_expiration: 5m
    events: {enabled: true, dimensions: [{name: exception.type, default: none}, {name: http.method}]}
  spanmetrics/b:
    histogram: {disable: true, exponential: {max_size: 80}}
extensions:
  health_check: {endpoint: 0.0.0.0:1, path: /h}
service:
  extensions: [health_check]
  pipelines:
    traces: {receivers: [otlp/a], processors: [tail_sampling/x, batch], exporters: [otlp/t, file]}
    traces/2: {receivers: [otlp/a], processors: [batch/b], exporters: [debug, nop, spanmetrics/a, spanmetrics/b]}
    metrics: {receivers: [spanmetrics/a, spanmetrics/b], exporters: [prometheus/p]}
  telemetry: {logs: {level: debug, encoding: json}, metrics: {level: none}}
  tailrace: {shards: 2, memory_budget_mib: 77, connections_max: 5, shutdown_timeout: 1s,
    baselines: {enabled: false, exact_spans_per_second: 9}}
)";

TEST(PrintTest, LoadsBackToTheSame) {
  const LoadResult first = LoadText(kEverything);
  ASSERT_EQ(ProblemsOf(first), "");
  const std::string printed = Print(first.config);
  const LoadResult second = LoadText(printed);
  ASSERT_EQ(ProblemsOf(second), "") << printed;
  EXPECT_EQ(WarningsOf(second), "");
  EXPECT_EQ(Print(second.config), printed);
  const Config& config = second.config;
  EXPECT_EQ(config.receivers.at(0).grpc.body_bytes_max, uint64_t{5} << 20);
  EXPECT_EQ(config.receivers[0].http.body_bytes_max, 100000u);
  EXPECT_EQ(config.receivers[0].http.inflated_bytes_max, 200000u);
  EXPECT_EQ(config.receivers[0].http.host, "0.0.0.0");
  EXPECT_EQ(config.tail_samplings.at(0).decision_wait_after_root_received, std::chrono::microseconds(250));
  EXPECT_EQ(config.tail_samplings[0].policies.at(0).name, "null");
  EXPECT_EQ(config.tail_samplings[0].policies.at(1).name, "l: \"x\" $");
  EXPECT_EQ(std::get<ProbabilisticConfig>(config.tail_samplings[0].policies.at(3).rule).hash_salt, "ünï");
  EXPECT_EQ(std::get<ProbabilisticConfig>(config.tail_samplings[0].policies[3].rule).sampling_percentage, 33.333);
  EXPECT_EQ(config.tail_samplings[0].maximum_trace_size_bytes, 18446744073709551615u);
  EXPECT_EQ(config.pipelines.at(0).batch.send_batch_max_size, 12u);
  EXPECT_EQ(config.pipelines.at(1).batch.bytes_max, 1000000u);
  EXPECT_FALSE(config.metrics.enabled);
  EXPECT_EQ(config.health_check.path, "/h");
  EXPECT_FALSE(std::get<OtlpExporterConfig>(config.exporters.at(0)).tls.insecure);
  EXPECT_EQ(std::get<OtlpExporterConfig>(config.exporters[0]).queue.sizer, QueueSizer::kBytes);
}

TEST(PrintTest, SecretsInUrlsAreRedacted) {
  const LoadResult result = LoadText(WithExporters(
      "  otlphttp: {traces_endpoint: \"https://u:hunter2@h:1/p@th?key=hunter3\", proxy_url: \"u:hunter4@p:3\"}\n",
      "[otlphttp]"));
  ASSERT_EQ(ProblemsOf(result), "");
  const std::string printed = Print(result.config);
  EXPECT_THAT(printed, HasSubstr("https://[REDACTED]@h:1/p@th?[REDACTED]"));
  EXPECT_THAT(printed, HasSubstr("[REDACTED]@p:3"));
  EXPECT_THAT(printed, Not(HasSubstr("hunter")));
  EXPECT_EQ(RedactUrl("http://h:1/v1/traces#a@b"), "http://h:1/v1/traces#a@b");
  EXPECT_EQ(RedactUrl(""), "");
}

TEST(PrintTest, SecretsAreRedacted) {
  const LoadResult result =
      LoadText(WithExporters("  otlp: {endpoint: \"h:1\", headers: {authorization: hunter2}}\n", "[otlp]"));
  ASSERT_EQ(ProblemsOf(result), "");
  EXPECT_THAT(Print(result.config), HasSubstr("authorization: \"[REDACTED]\""));
  EXPECT_THAT(Print(result.config), Not(HasSubstr("hunter2")));
}

// The structs' own initialisers say the same as the declarations.
template <class T>
void ExpectSameDefaults(const Schema<T>& schema) {
  EXPECT_EQ(ToYaml(schema.Print(schema.Defaults())), ToYaml(schema.Print(T{})));
}

TEST(DefaultsTest, AgreeWithTheModel) {
  OtlpReceiverConfig receiver;
  receiver.grpc.enabled = receiver.http.enabled = true;  // or they would not be printed
  OtlpReceiverConfig declared = receiver;
  OtlpReceiverOptions().SetDefaults(declared);
  EXPECT_EQ(ToYaml(OtlpReceiverOptions().Print(declared)), ToYaml(OtlpReceiverOptions().Print(receiver)));
  ExpectSameDefaults(TailSamplingOptions());
  ExpectSameDefaults(BatchOptions());
  ExpectSameDefaults(MemoryLimiterOptions());
  ExpectSameDefaults(OtlpExporterOptions());
  ExpectSameDefaults(FileExporterOptions());
  ExpectSameDefaults(DebugExporterOptions());
  ExpectSameDefaults(HealthCheckOptions());
  ExpectSameDefaults(TelemetryOptions());
  ExpectSameDefaults(EngineOptions());
}

TEST(DocsTest, AreCurrent) {
  std::ifstream file(std::string(TAILRACE_SOURCE_DIR) + "/docs/CONFIG.md");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_TRUE(text.str() == GenerateDocs())
      << "docs/CONFIG.md is stale: build the target tailrace_config_docs and write its output there";
}

TEST(DocsTest, ComponentsAreListed) {
  EXPECT_THAT(ListComponents(), HasSubstr("exporter otlp (also otlp_grpc): OTLP over gRPC\n"));
  EXPECT_THAT(ListComponents(), HasSubstr("policy latency: "));
}

}  // namespace
}  // namespace tailrace::config

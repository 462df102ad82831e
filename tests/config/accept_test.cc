// What is accepted, and what becomes of it in the Config.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/load_text.h"

namespace tailrace::config {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

// The block that articles show, comments and indentation included.
constexpr char kArticle[] = R"(# OpenTelemetry Collector: tail-based sampling
processors:
  tail_sampling:
    decision_wait: 10s
    num_traces: 50000
    policies:
      # Always sample slow requests
      - name: latency-policy
        type: latency
        latency:
          threshold_ms: 500
      # Always sample errors
      - name: error-policy
        type: status_code
        status_code:
          status_codes: [ERROR]
      # Sample 1% of everything else
      - name: probabilistic-policy
        type: probabilistic
        probabilistic:
          sampling_percentage: 1
)";

constexpr char kRest[] = R"(receivers:
  otlp:
    protocols:
      grpc:
      http:
exporters:
  otlp_grpc/tempo: {endpoint: "http://tempo:4317"}
service:
  pipelines:
    traces: {receivers: [otlp], processors: [tail_sampling], exporters: [otlp/tempo]}
)";

TEST(AcceptTest, TheArticle) {
  const LoadResult result = LoadText(std::string(kArticle) + kRest);
  ASSERT_EQ(ProblemsOf(result), "");
  EXPECT_EQ(WarningsOf(result), "");
  const Config& config = result.config;
  ASSERT_EQ(config.tail_samplings.size(), 1u);
  const TailSamplingConfig& sampling = config.tail_samplings[0];
  EXPECT_EQ(sampling.decision_wait, seconds(10));
  EXPECT_EQ(sampling.num_traces, 50000u);
  EXPECT_EQ(sampling.at.line, 3);
  ASSERT_EQ(sampling.policies.size(), 3u);
  EXPECT_EQ(sampling.policies[0].name, "latency-policy");
  EXPECT_EQ(sampling.policies[0].at.line, 8);
  EXPECT_EQ(std::get<LatencyConfig>(sampling.policies[0].rule).threshold_ms, 500);
  EXPECT_THAT(std::get<StatusCodeConfig>(sampling.policies[1].rule).status_codes, ElementsAre("ERROR"));
  EXPECT_EQ(std::get<ProbabilisticConfig>(sampling.policies[2].rule).sampling_percentage, 1);
  ASSERT_EQ(config.exporters.size(), 1u);
  const auto& exporter = std::get<OtlpExporterConfig>(config.exporters[0]);
  EXPECT_EQ(exporter.endpoint, "tempo:4317");
  EXPECT_TRUE(exporter.tls.insecure);
  EXPECT_EQ(exporter.id.type, "otlp");
  EXPECT_EQ(exporter.id.text, "otlp_grpc/tempo");
  EXPECT_EQ(exporter.compression, "gzip");
  ASSERT_EQ(config.receivers.size(), 1u);
  EXPECT_EQ(config.receivers[0].grpc.host, "localhost");
  EXPECT_EQ(config.receivers[0].grpc.port, 4317);
  EXPECT_EQ(config.receivers[0].http.port, 4318);
  EXPECT_TRUE(config.receivers[0].http.enabled);
  ASSERT_EQ(config.pipelines.size(), 1u);
  EXPECT_EQ(config.pipelines[0].tail_sampling, 0);
}

TEST(AcceptTest, TenThousandPolicies) {
  std::string text = "processors:\n  tail_sampling:\n    policies:\n";
  for (int i = 0; i < 10'000; ++i) {
    text += "      - {name: p" + std::to_string(i) +
            ", type: string_attribute, string_attribute: {key: k, values: [\"a.*\"], enabled_regex_matching: true}}\n";
  }
  const LoadResult result = LoadText(text + kRest);
  ASSERT_TRUE(result.ok()) << result.problems[0].ToString();
  EXPECT_EQ(result.config.tail_samplings[0].policies.size(), 10'000u);
}

TEST(AcceptTest, TheQuickstart) {
  LoadInput input;
  input.configs = {std::string(TAILRACE_SOURCE_DIR) + "/config/quickstart.yaml"};
  const LoadResult result = Load(input);
  ASSERT_EQ(ProblemsOf(result), "");
  EXPECT_EQ(WarningsOf(result), "");
  EXPECT_TRUE(result.config.health_check.enabled);
  EXPECT_EQ(result.config.tail_samplings.at(0).decision_wait, seconds(3));
  ASSERT_EQ(result.config.exporters.size(), 2u);  // otlp/backend is defined, not used
  EXPECT_EQ(std::get<FileExporterConfig>(result.config.exporters[1]).path, "tailrace-out/kept.jsonl");
}

TEST(AcceptTest, EachPipelineHasItsOwnSampling) {
  const LoadResult result =
      LoadText(WithProcessors("  tail_sampling: {policies: [{name: p, type: always_sample}]}\n") +
               "    traces/2: {receivers: [otlp], processors: [tail_sampling], exporters: [nop]}\n"
               "    traces/all: {receivers: [otlp], exporters: [nop]}\n");
  ASSERT_EQ(ProblemsOf(result), "");
  EXPECT_EQ(result.config.tail_samplings.size(), 2u);
  EXPECT_EQ(result.config.receivers.size(), 1u);
  EXPECT_EQ(result.config.exporters.size(), 1u);
  ASSERT_EQ(result.config.pipelines.size(), 3u);
  EXPECT_EQ(result.config.pipelines[1].id, "traces/2");
  EXPECT_EQ(result.config.pipelines[1].tail_sampling, 1);
  EXPECT_EQ(result.config.pipelines[2].tail_sampling, -1);
}

TEST(AcceptTest, MemoryLimiterAndBatchAreMapped) {
  const LoadResult result = LoadText(WithProcessors(
      "  memory_limiter: {check_interval: 1s, limit_percentage: 50}\n  batch: {timeout: 1s, send_batch_size: 100}\n",
      "[memory_limiter, batch]"));
  ASSERT_EQ(ProblemsOf(result), "");
  EXPECT_EQ(result.config.engine.memory_budget_bytes, uint64_t{500} << 20);
  EXPECT_THAT(WarningsOf(result),
              HasSubstr("processors::memory_limiter: mapped to service::tailrace::memory_budget_mib: 500\n"));
  EXPECT_EQ(result.config.pipelines.at(0).batch.timeout, seconds(1));
  EXPECT_EQ(result.config.pipelines[0].batch.send_batch_size, 100u);
}

TEST(AcceptTest, TailraceKeysWinOverMappedOnes) {
  const LoadResult result = LoadText(WithProcessors("  memory_limiter: {limit_mib: 100}\n", "[memory_limiter]") +
                                     "  tailrace: {memory_budget_mib: 300, shards: 3, shutdown_timeout: 1500ms}\n");
  ASSERT_EQ(ProblemsOf(result), "");
  EXPECT_EQ(result.config.engine.memory_budget_bytes, uint64_t{300} << 20);
  EXPECT_EQ(result.config.engine.shards, 3u);
  EXPECT_EQ(result.config.engine.shutdown_timeout, milliseconds(1500));
  EXPECT_THAT(WarningsOf(result), HasSubstr("has no effect: service::tailrace sets the budget, 300 MiB"));
}

TEST(AcceptTest, ShardsOfTheCollectorAreMapped) {
  const LoadResult result =
      LoadText(WithProcessors("  tail_sampling: {num_shards: 4, policies: [{name: p, type: always_sample}]}\n"));
  ASSERT_EQ(ProblemsOf(result), "");
  EXPECT_EQ(result.config.engine.shards, 4u);
  EXPECT_THAT(WarningsOf(result), HasSubstr("mapped to service::tailrace::shards: 4"));
}

TEST(AcceptTest, KeysWithoutEffectGiveAWarning) {
  const LoadResult result = LoadText(WithReceiver(
      "    protocols:\n      grpc: {read_buffer_size: 1, endpoint: \"[::1]:0\", max_recv_msg_size_mib: 4}\n"));
  ASSERT_EQ(ProblemsOf(result), "");
  EXPECT_EQ(WarningsOf(result),
            "env:FILE:4: receivers::otlp::protocols::grpc::read_buffer_size: accepted, has no effect: the listener "
            "chooses its own buffers and socket settings\n");
  const ListenerConfig& grpc = result.config.receivers.at(0).grpc;
  EXPECT_EQ(grpc.host, "::1");
  EXPECT_EQ(grpc.port, 0);
  EXPECT_EQ(grpc.body_bytes_max, uint64_t{4} << 20);
  EXPECT_EQ(grpc.inflated_bytes_max, uint64_t{4} << 20);
}

LoadResult WithEvents(const std::string& events) {
  return LoadText(
      "receivers: {otlp: {protocols: {grpc: }}}\nexporters: {prometheus: {endpoint: \"localhost:0\"}}\n"
      "connectors: {spanmetrics: {events: " +
      events +
      "}}\nservice:\n  pipelines:\n    traces: {receivers: [otlp], exporters: [spanmetrics]}\n"
      "    metrics: {receivers: [spanmetrics], exporters: [prometheus]}\n");
}

TEST(AcceptTest, DimensionsOfEventsMatterWhereTheseAreEnabled) {
  // The order is the file's own affair.
  const LoadResult on = WithEvents("{dimensions: [{name: exception.type}, {name: n, default: x}], enabled: true}");
  ASSERT_EQ(ProblemsOf(on), "");
  EXPECT_EQ(WarningsOf(on), "");
  const SpanMetricsConfig& connector = on.config.span_metrics.at(0);
  EXPECT_TRUE(connector.events);
  ASSERT_EQ(connector.event_dimensions.size(), 2u);
  EXPECT_EQ(connector.event_dimensions[0].name, "exception.type");
  EXPECT_EQ(connector.event_dimensions[1].fallback, "x");
  const LoadResult off = WithEvents("{enabled: false, dimensions: [{name: span.name}, {name: a}, {name: a}]}");
  ASSERT_EQ(ProblemsOf(off), "");
  EXPECT_EQ(
      WarningsOf(off),
      "env:FILE:3: connectors::spanmetrics::events::dimensions: accepted, has no effect: events are not enabled\n");
  EXPECT_FALSE(off.config.span_metrics.at(0).events);
}

TEST(AcceptTest, UnusedComponentsOfTheCollectorAreIgnored) {
  const LoadResult result = LoadText(WithExporters("  nop:\n  kafka: {brokers: [a]}\n", "[nop]"));
  ASSERT_EQ(ProblemsOf(result), "");
  EXPECT_EQ(WarningsOf(result),
            "env:FILE:3: exporters::kafka: ignored: this exporter exists in the Collector but not in Tailrace yet\n");
}

TEST(AcceptTest, Telemetry) {
  const LoadResult result = LoadText(WithService(
      "  telemetry:\n    logs: {level: WARN, encoding: json}\n    metrics:\n      level: detailed\n      readers:\n"
      "      - pull: {exporter: {prometheus: {host: 0.0.0.0, port: 9999}}}\n"));
  ASSERT_EQ(ProblemsOf(result), "");
  EXPECT_EQ(result.config.logs.level, "warn");
  EXPECT_EQ(result.config.logs.encoding, "json");
  EXPECT_TRUE(result.config.metrics.enabled);
  EXPECT_EQ(result.config.metrics.host, "0.0.0.0");
  EXPECT_EQ(result.config.metrics.port, 9999);
  EXPECT_FALSE(LoadText(WithService("  telemetry: {metrics: {level: none}}\n")).config.metrics.enabled);
}

TEST(AcceptTest, PercentageAboveHundredKeepsAll) {
  const LoadResult result =
      LoadText(WithPolicies("    - {name: p, type: probabilistic, probabilistic: {sampling_percentage: 120}}\n"));
  ASSERT_EQ(ProblemsOf(result), "");
  EXPECT_THAT(WarningsOf(result), HasSubstr("sampling_percentage: above 100: every trace is kept"));
}

TEST(AcceptTest, YamlMergeKeys) {
  const LoadResult result = LoadText(WithExporters(
      "  otlp/a: &a {endpoint: \"a:1\", timeout: 9s}\n  otlp/b:\n    <<: *a\n    endpoint: b:2\n", "[otlp/b]"));
  ASSERT_EQ(ProblemsOf(result), "");
  const auto& exporter = std::get<OtlpExporterConfig>(result.config.exporters.at(0));
  EXPECT_EQ(exporter.endpoint, "b:2");
  EXPECT_EQ(exporter.timeout, seconds(9));
}

}  // namespace
}  // namespace tailrace::config

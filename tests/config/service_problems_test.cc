// What is refused of service and of the file as a whole, and what hostile files get.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <ostream>

#include "tests/config/load_text.h"

namespace tailrace::config {
namespace {

using testing::HasSubstr;

struct Case {
  std::string name;
  std::string text;
  std::string problem;  // one line of the problems
};

class ServiceProblemsTest : public testing::TestWithParam<Case> {};

TEST_P(ServiceProblemsTest, HasTheLine) {
  EXPECT_THAT("\n" + ProblemsOf(LoadText(GetParam().text)), HasSubstr("\n" + GetParam().problem + "\n"));
}

std::string Pipelines(const std::string& pipelines) {
  return "receivers:\n  otlp:\n    protocols:\n      grpc:\nexporters:\n  nop:\n  otlp/tempo:\n    endpoint: h:1\n"
         "service:\n  pipelines:\n" +
         pipelines;
}

void PrintTo(const Case& test_case, std::ostream* out) { *out << test_case.name; }

std::string NameOf(const testing::TestParamInfo<Case>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Service, ServiceProblemsTest,
    testing::Values(
        Case{"NoService", "receivers:\n  otlp:\n", "service::pipelines: service must have at least one pipeline"},
        Case{"NoReceivers", WithExporters("  nop:\n", "[nop]") + "receivers/x: 1\n",
             "12: receivers/x: unknown key; did you mean \"receivers\"?"},
        Case{"NoExporters", "receivers:\n  otlp:\n", "no exporter configuration specified in config"},
        Case{"NoReceiverSection", "exporters:\n  nop:\n", "no receiver configuration specified in config"},
        Case{"UnknownReference", Pipelines("    traces: {receivers: [otlp], exporters: [otlp/temp]}\n"),
             "11: service::pipelines::traces: references exporter \"otlp/temp\" which is not configured; did you mean "
             "\"otlp/tempo\"?"},
        Case{"UnknownProcessor", Pipelines("    traces: {receivers: [otlp], processors: [x], exporters: [nop]}\n"),
             "11: service::pipelines::traces: references processor \"x\" which is not configured"},
        Case{"Twice", Pipelines("    traces: {receivers: [otlp, otlp], exporters: [nop]}\n"),
             "11: service::pipelines::traces: references receiver \"otlp\" multiple times"},
        Case{"NoReceiver", Pipelines("    traces: {receivers: [], exporters: [nop]}\n"),
             "11: service::pipelines::traces: must have at least one receiver"},
        Case{"NoExporter", Pipelines("    traces: {receivers: [otlp]}\n"),
             "11: service::pipelines::traces: must have at least one exporter"},
        Case{"Metrics", Pipelines("    metrics: {receivers: [otlp], exporters: [nop]}\n"),
             "11: service::pipelines::metrics: receiver \"otlp\" in a pipeline for metrics is not supported: Tailrace "
             "takes traces only, and shows what a spanmetrics connector makes of them; leave it to a Collector"},
        Case{"MetricsExporter", Pipelines("    metrics: {receivers: [otlp], exporters: [nop]}\n"),
             "11: service::pipelines::metrics: exporter \"nop\" in a pipeline for metrics is not supported; Tailrace "
             "has: prometheus"},
        Case{"Logs", Pipelines("    logs: {receivers: [otlp], exporters: [nop]}\n"),
             "11: service::pipelines::logs: a pipeline for logs is not supported: Tailrace takes traces only; leave it "
             "to a Collector"},
        Case{"Signal", Pipelines("    trace: {receivers: [otlp], exporters: [nop]}\n"),
             "11: service::pipelines::trace: unknown signal \"trace\"; did you mean \"traces\"?"},
        Case{"PipelineKey", Pipelines("    traces: {receiver: [otlp], exporters: [nop]}\n"),
             "11: service::pipelines::traces::receiver: unknown key; did you mean \"receivers\"?"},
        Case{"Extension", WithService("  extensions: [health_check]\n"),
             "13: service::extensions: references extension \"health_check\" which is not configured"},
        Case{"CollectorExtension", "extensions:\n  zpages:\n" + WithService("  extensions: [zpages]\n"),
             "15: service::extensions: references extension \"zpages\": this extension exists in the Collector but not "
             "in Tailrace yet"},
        Case{"UnknownExtension", "extensions:\n  helth_check:\n" + WithService(""),
             "2: extensions::helth_check: unknown extension type \"helth_check\"; did you mean \"health_check\"?"},
        Case{"Readers", WithService("  telemetry:\n    metrics:\n      readers: []\n"),
             "15: service::telemetry::metrics::readers: collector telemetry metrics reader should exist when metric "
             "level is not none"},
        Case{"Periodic", WithService("  telemetry:\n    metrics:\n      readers:\n      - periodic: {interval: 1s}\n"),
             "16: service::telemetry::metrics::readers[0]::periodic: exists in the Collector but not in Tailrace yet"},
        Case{"Level", WithService("  telemetry:\n    logs:\n      level: loud\n"),
             "15: service::telemetry::logs::level: \"loud\" is not one of debug, info, warn, error"},
        Case{"Budgets", WithService("  tailrace:\n    memory_budget_mib: 1\n    memory_budget_percentage: 5\n"),
             "15: service::tailrace::memory_budget_percentage: memory_budget_mib and memory_budget_percentage exclude "
             "each other"},
        Case{"TwoSamplings",
             WithProcessors("  tail_sampling: &a {policies: [{name: p, type: always_sample}]}\n  tail_sampling/2: *a\n",
                            "[tail_sampling, tail_sampling/2]"),
             "14: service::pipelines::traces: two tail_sampling processors in one pipeline (the second is "
             "\"tail_sampling/2\"); use one pipeline for each"},
        Case{"DuplicateKey", "receivers:\n  otlp:\n  otlp:\n",
             "3: receivers::otlp: the key stands twice in one map: at line 2 and at line 3"},
        Case{"Section", "recievers:\n", "1: recievers: unknown key; did you mean \"receivers\"?"}),
    NameOf);

// Line 1 is `connectors:`; what `pipelines` says begins at line 11.
std::string Connected(const std::string& connector, const std::string& pipelines) {
  return "connectors:\n  spanmetrics: " + connector +
         "\nreceivers: {otlp: {protocols: {grpc: }}}\nexporters:\n  nop:\n  prometheus: {endpoint: \"localhost:0\"}\n"
         "processors: {tail_sampling: {policies: [{name: all, type: always_sample}]}}\n\nservice:\n  pipelines:\n" +
         pipelines;
}
const std::string kTraces = "    traces: {receivers: [otlp], exporters: [spanmetrics]}\n";
const std::string kMetrics = "    metrics: {receivers: [spanmetrics], exporters: [prometheus]}\n";

INSTANTIATE_TEST_SUITE_P(
    Connectors, ServiceProblemsTest,
    testing::Values(
        Case{"NoMetricsPipeline", Connected("", kTraces),
             "2: service::pipelines: connector \"spanmetrics\" is used as exporter in a pipeline for traces but not as "
             "receiver in one for metrics"},
        Case{
            "NoTracesPipeline", Connected("", kMetrics + "    traces: {receivers: [otlp], exporters: [nop]}\n"),
            "2: service::pipelines: connector \"spanmetrics\" is used as receiver in a pipeline for metrics but not as "
            "exporter in one for traces"},
        Case{"ReceiverOfTraces", Connected("", "    traces: {receivers: [spanmetrics], exporters: [nop]}\n"),
             "11: service::pipelines::traces: connector \"spanmetrics\" makes metrics, and this pipeline carries "
             "traces"},
        Case{"PrometheusOfTraces", Connected("", "    traces: {receivers: [otlp], exporters: [prometheus]}\n"),
             "11: service::pipelines::traces: exporter \"prometheus\" shows metrics, and this pipeline carries traces: "
             "put a spanmetrics connector between the two"},
        Case{"SamplingOfMetrics",
             Connected("", kTraces + "    metrics: {receivers: [spanmetrics], processors: [tail_sampling], exporters: "
                                     "[prometheus]}\n"),
             "12: service::pipelines::metrics: tail_sampling samples traces, and this pipeline carries metrics"},
        Case{"DoubledDimension", Connected("{dimensions: [{name: a}, {name: a}]}", kTraces + kMetrics),
             "2: connectors::spanmetrics::dimensions[1]: duplicate dimension name \"a\""},
        Case{"ReservedDimension", Connected("{dimensions: [{name: span.name}]}", kTraces + kMetrics),
             "2: connectors::spanmetrics::dimensions[0]: duplicate dimension name \"span.name\""},
        Case{"FallingBuckets", Connected("{histogram: {explicit: {buckets: [2ms, 1ms]}}}", kTraces + kMetrics),
             "2: connectors::spanmetrics::histogram::explicit::buckets[1]: buckets must rise"},
        Case{"TwoHistograms", Connected("{histogram: {explicit: , exponential: }}", kTraces + kMetrics),
             "2: connectors::spanmetrics::histogram: use either `explicit` or `exponential` buckets histogram"},
        Case{"Delta", Connected("{aggregation_temporality: AGGREGATION_TEMPORALITY_DELTA}", kTraces + kMetrics),
             "2: connectors::spanmetrics::aggregation_temporality: exists in the Collector but not in Tailrace yet; "
             "allowed: AGGREGATION_TEMPORALITY_CUMULATIVE"},
        Case{"EventsOfNoDimension", Connected("{events: {enabled: true, dimensions: []}}", kTraces + kMetrics),
             "2: connectors::spanmetrics::events::dimensions: no dimensions configured for events; give the name of an "
             "attribute"},
        Case{"ReservedOfEvents",
             Connected("{events: {enabled: true, dimensions: [{name: a}, {name: status.code}]}}", kTraces + kMetrics),
             "2: connectors::spanmetrics::events::dimensions[1]: duplicate dimension name \"status.code\""},
        Case{"GlobOfEvents",
             Connected("{events: {enabled: true, dimensions: [{name: a, glob: b}]}}", kTraces + kMetrics),
             "2: connectors::spanmetrics::events::dimensions[0]::glob: exists in the Collector but not in Tailrace "
             "yet"},
        Case{"Exemplars", Connected("{exemplars: {enabled: true, max_per_data_point: -1}}", kTraces + kMetrics),
             "2: connectors::spanmetrics::exemplars::max_per_data_point: \"-1\" is out of range; allowed: 0 to 1000"},
        Case{"Glob", Connected("{dimensions: [{glob: \"http.*\"}]}", kTraces + kMetrics),
             "2: connectors::spanmetrics::dimensions[0]::glob: exists in the Collector but not in Tailrace yet"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Hostile, ServiceProblemsTest,
    testing::Values(Case{"Empty", "", "empty configuration file"},
                    Case{"Comments", "# nothing\n\n", "empty configuration file"},
                    Case{"Binary", std::string("a\0b", 3), "1: not a text file: byte 0x00 at offset 1"},
                    Case{"NotUtf8", "a: b\nc: \xff\n", "2: not a text file: byte 0xff at offset 8"},
                    Case{"Scalar", "hello\n", "1: expected a map of sections, got \"hello\""},
                    Case{"Syntax", "a: [1,\n", "2: not valid YAML: end of sequence flow not found"},
                    Case{"Cyclic", "a: &a [*a]\n", "1: an alias stands inside of what it refers to"},
                    Case{"Brackets", std::string(1'000'000, '['), "1: nested more than 64 levels deep"},
                    Case{"Signs", "[x" + std::string(1'000'000, ','),
                         "1: more than 100000 signs of YAML's syntax in one value"},
                    Case{"Two", "a: 1\n---\nb: 1\n", "3: a second YAML document; a configuration is one document"},
                    Case{"Large", "a: " + std::string(size_t{9} << 20, 'x'), "larger than 2 MiB"}),
    NameOf);

void ExpectSoon(const std::string& text, const std::string& problem) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(ProblemsOf(LoadText(text)), HasSubstr(problem));
  // Some 0.3 s on an idle core; the bound leaves room for a busy machine under a sanitizer, not for a quadratic stage.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(HostileTest, AliasBomb) {
  std::string text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char name = 'b'; name < 'l'; ++name) {
    text += std::string(1, name) + ": &" + name + " [";
    for (int i = 0; i < 10; ++i) text += std::string(i == 0 ? "*" : ", *") + static_cast<char>(name - 1);
    text += "]\n";
  }
  ExpectSoon(text, "more than 150000 values, aliases counted as often as they are used");
}

TEST(HostileTest, ManyKeysAndItems) {
  std::string keys = "receivers:\n";
  for (int i = 0; i < 50'000; ++i) keys += "  otlp/" + std::to_string(i) + ": 1\n";
  ExpectSoon(keys, "more than 2000 keys in one map");
  std::string items = "a: [";
  for (int i = 0; i < 500'000; ++i) items += "1,";
  ExpectSoon(items + "]\n", "more than 150000 values");
  std::string indent;
  for (int i = 0; i < 1000; ++i) indent += std::string(static_cast<size_t>(i), ' ') + "a:\n";
  ExpectSoon(indent, "nested more than 64 levels deep");
}

TEST(HostileTest, ManyWrongReferences) {
  std::string text = "receivers:\n";
  for (int i = 0; i < 1900; ++i)
    text += "  otlp/" + std::string(50, 'a') + std::to_string(i) + ": {protocols: {grpc: }}\n";
  text += "exporters: {nop: }\nservice:\n  pipelines:\n    traces:\n      exporters: [nop]\n      receivers:\n";
  for (int i = 0; i < 25'000; ++i) text += "      - otlp/" + std::string(50, 'b') + std::to_string(i) + "\n";
  ExpectSoon(text, "which is not configured");
}

TEST(HostileTest, Expansions) {
  std::string open = "a: \"";
  for (int i = 0; i < 45'000; ++i) open += "${";
  ExpectSoon(open + "\"\n", "expands to too much text");
  std::string many = "a: \"";
  for (int i = 0; i < 45'000; ++i) many += "${X}";
  ExpectSoon(many + "\"\n", "too many recursive expansions");
}

TEST(HostileTest, Files) {
  LoadInput input;
  input.configs = {"/"};
  EXPECT_EQ(ProblemsOf(Load(input)), "/: cannot be read: is a directory\n");
  input.configs = {"/no/such/file.yaml"};
  EXPECT_EQ(ProblemsOf(Load(input)), "/no/such/file.yaml: cannot be read: No such file or directory\n");
  input.configs = {"/dev/zero"};
  EXPECT_EQ(ProblemsOf(Load(input)), "/dev/zero: cannot be read: larger than 2 MiB\n");
  input.configs = {"https://example.com/x.yaml"};
  EXPECT_EQ(ProblemsOf(Load(input)),
            "https://example.com/x.yaml: a configuration over HTTP exists in the Collector but not in Tailrace yet\n");
}

}  // namespace
}  // namespace tailrace::config

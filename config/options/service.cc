// The service's own options: health_check, pprof, service::telemetry and service::tailrace.
#include "absl/strings/str_cat.h"
#include "config/options/options.h"

namespace tailrace::config {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

Schema<LogsConfig> LogsOptions() {
  using L = LogsConfig;
  constexpr char kOneLine[] = "one line a record to standard error";
  Kind<std::string> levels = Choices({"debug", "info", "warn", "error"});
  levels.read = [choices = levels.read](const Node& node, const Scope& scope, std::string* out) {
    Node lower = node;  // the Collector's own samples write INFO
    for (char& c : lower.text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return choices(lower, scope, out);
  };
  Schema<L> schema;
  schema.Value("level", &L::level, std::string("info"), levels, "The least level that is logged.")
      .Value("encoding", &L::encoding, std::string("console"), Choices({"console", "json"}), "How a record is written.")
      .NoEffect("sampling", "Tailrace logs no record a request")
      .NoEffect("output_paths", kOneLine)
      .NoEffect("error_output_paths", kOneLine)
      .NoEffect("development", kOneLine)
      .NoEffect("disable_caller", kOneLine)
      .NoEffect("disable_stacktrace", kOneLine)
      .NoEffect("disable_zap_resource", kOneLine)
      .NoEffect("initial_fields", kOneLine)
      .NoEffect("processors", kOneLine);
  return schema;
}

// A list item of service::telemetry::metrics::readers.
Schema<MetricsConfig> ReaderOptions() {
  using M = MetricsConfig;
  constexpr char kNames[] = "the names are the Collector's default ones";
  Schema<M> prometheus;
  prometheus.Value("host", &M::host, std::string("localhost"), NonEmptyTexts(), "The address of /metrics.")
      .Value("port", &M::port, uint16_t{8888}, Integers<uint16_t>(), "The port of /metrics. 0: any free one.")
      .NoEffect("without_scope_info", kNames)
      .NoEffect("without_units", kNames)
      .NoEffect("without_type_suffix", kNames)
      .NoEffect("with_resource_constant_labels", kNames)
      .NoEffect("translation_strategy", kNames);
  Schema<M> exporter;
  exporter.Section("prometheus", prometheus, "A Prometheus scrape endpoint.").NotYet("opencensus");
  Schema<M> pull;
  pull.Section("exporter", exporter, "What answers the pull.")
      .NoEffect("producers", kNames)
      .NoEffect("cardinality_limits", kNames);
  Schema<M> reader;
  reader.Section("pull", pull, "A reader that is asked.").NotYet("periodic");
  return reader;
}

void ReadReaders(const Node& node, const Scope& scope, MetricsConfig& metrics) {
  if (node.IsNull()) return;
  if (!node.IsList()) return scope.Fail(node.where, absl::StrCat("expected a list, got ", node.Describe()));
  if (node.items.empty() && metrics.enabled) {
    return scope.Fail(node.where, "collector telemetry metrics reader should exist when metric level is not none");
  }
  if (node.items.size() > 1) scope.Fail(node.where, "more than one reader: Tailrace has one metrics endpoint");
  if (!node.items.empty()) ReaderOptions().Load(node.items[0], scope.Item(0), metrics);
}

std::optional<Node> PrintReaders(const MetricsConfig& metrics) {
  if (!metrics.enabled) return std::nullopt;
  Node list = Node::List();
  list.items.push_back(ReaderOptions().Print(metrics));
  return list;
}

// The key that readers replaced: `address: 0.0.0.0:8888`.
void ReadAddress(const Node& node, const Scope& scope, MetricsConfig& metrics) {
  if (!node.IsNull()) ReadHostPort(node, scope, &metrics.host, &metrics.port);
}

Schema<MetricsConfig> MetricsOptions() {
  Schema<MetricsConfig> schema;
  schema
      .Custom(
          {"level", "word", "normal", "none, basic, normal, detailed", "none turns /metrics off; the others are one."},
          [](const Node& node, const Scope& scope, MetricsConfig& metrics) {
            std::string level;
            const Kind<std::string> kind = Choices({"none", "basic", "normal", "detailed"});
            if (!node.IsNull() && kind.read(node, scope, &level)) metrics.enabled = level != "none";
          },
          [](const MetricsConfig& metrics) { return Node::Scalar(metrics.enabled ? "normal" : "none"); })
      .WithDefault([](MetricsConfig& metrics) { metrics.enabled = true; })
      .Custom({"readers", "list", "one Prometheus reader", "at most one", "Where the metrics are read."}, ReadReaders,
              PrintReaders,
              [](const std::string& path, std::vector<DocRow>* rows) { ReaderOptions().Describe(path + "[]", rows); })
      .WithDefault([](MetricsConfig& metrics) { ReaderOptions().SetDefaults(metrics); })
      .Custom({"address", "host:port", "", "", "An older Collector's name of the reader's host and port."}, ReadAddress)
      .NoEffect("views", "every metric has one form");
  return schema;
}

}  // namespace

Schema<Telemetry> TelemetryOptions() {
  Schema<Telemetry> schema;
  schema.Group("logs", &Telemetry::logs, LogsOptions(), "Tailrace's own log.")
      .Group("metrics", &Telemetry::metrics, MetricsOptions(), "Tailrace's own metrics.")
      .NoEffect("traces", "Tailrace does not trace itself")
      .NoEffect("resource", "Tailrace's metrics carry no resource");
  return schema;
}

Schema<HealthCheckConfig> HealthCheckOptions() {
  using H = HealthCheckConfig;
  Schema<H> schema;
  schema.HostPort("endpoint", &H::host, &H::port, "localhost", 13133, "Where health is asked for.")
      .Value("path", &H::path, std::string("/"), NonEmptyTexts(), "The path that answers.")
      .Base(AccessOptions())
      .NotYet("response_body")
      .NotYet("check_collector_pipeline")
      .NotYet("use_v2", "false")
      .Checked([](const H& health, const Node& node, const Scope& scope) {
        if (!health.path.empty() && health.path[0] == '/') return;
        scope.Child("path").Fail(node.where, "must begin with /");
      });
  return schema;
}

Schema<PprofConfig> PprofOptions() {
  using P = PprofConfig;
  constexpr char kGo[] = "it is for programs in Go";
  Schema<P> schema;
  schema
      .HostPort("endpoint", &P::host, &P::port, "localhost", 1777,
                "Where profiles are asked for, below /debug/pprof/. They tell what the program does: not a port for "
                "strangers.")
      .Base(AccessOptions())
      .Value("save_to_file", &P::save_to_file, std::string(), Texts(),
             "A file for the CPU profile of the whole run, written at its end. Empty: none.")
      .NoEffect("block_profile_fraction", kGo)
      .NoEffect("mutex_profile_fraction", kGo)
      .NoEffect("dialer", "it is a client's");
  return schema;
}

Schema<PageConfig> PageOptions() {
  using P = PageConfig;
  Schema<P> schema;
  schema.Value("enabled", &P::enabled, true, Booleans(), "Whether there is a page.")
      .HostPort("endpoint", &P::host, &P::port, "localhost", 8080,
                "Where. If it is not given and the port is taken, Tailrace warns and does without.")
      .Also([](P& page) { page.is_endpoint_given = true; })
      .Value("hosts", &P::hosts, std::vector<std::string>(), TextLists(),
             "Names under which browsers reach it, beside localhost, addresses and the endpoint's own: requests to any "
             "other name are refused, so that no strange site can pass for it.")
      .Base(AccessOptions());
  return schema;
}

Schema<EngineConfig> EngineOptions() {
  using E = EngineConfig;
  Schema<E> schema;
  schema
      .Value("shards", &E::shards, uint32_t{0}, Integers<uint32_t>(0, 256),
             "Threads that receive and decide. 0: one for each processor that the process may use.")
      .Custom({"memory_budget_percentage", "number", "", "1 to 100",
               "The budget as a share of the memory that the process may use (its cgroup's limit or the host's)."},
              [](const Node& node, const Scope& scope, E& engine) {
                double share = 0;
                if (node.IsNull() || !Numbers(1, 100).read(node, scope, &share)) return;
                engine.memory_budget_bytes = ShareOfMemory(share, scope.report().memory_total_bytes);
              })
      .Value("memory_budget_mib", &E::memory_budget_bytes, uint64_t{0}, Mebibytes(0, 1 << 30),
             "Memory for the traces that wait, taken at start. 0: a share of the memory that the process may use.")
      .Value("connections_max", &E::connections_max, uint64_t{20000}, Integers<uint64_t>(1, 1'000'000),
             "Connections open at a time, all listeners together.")
      .Value("trace_spans_max", &E::trace_spans_max, uint32_t{100'000}, Integers<uint32_t>(),
             "Spans that a trace may come to hold before it is decided with what there is; later ones follow the "
             "decision. 0: any number.")
      .Value("trace_mib_max", &E::trace_bytes_max, uint64_t{0}, Mebibytes(0, 1 << 30),
             "The same in memory. 0: a sixteenth of what a shard has for spans.")
      .Value("storage_compression", &E::storage_compression, StorageCompression::kNone,
             Enums<StorageCompression>({{"none", StorageCompression::kNone},
                                        {"lz4", StorageCompression::kLz4},
                                        {"zstd", StorageCompression::kZstd}}),
             "What is done to spans while their trace waits. Compressed, several times as many find room in the same "
             "memory, for more time of the processor on each: `lz4` is the fast one, `zstd` the small one.")
      .Value(
          "journal_mib", &E::journal_bytes, uint64_t{32} << 20, Mebibytes(0, 1 << 20),
          "Memory of the budget for recent decisions and their spans, which the API answers from: at most a sixteenth "
          "of the budget is taken. 0: nothing is remembered.")
      .Group("metrics", &E::metrics, AccessOptions(), "Who may read /metrics, where service::telemetry puts it.")
      .Group("page", &E::page, PageOptions(), "The page and its API (`/api/v1/`).")
      .Group("baselines", &E::baselines, BaselinesOptions(),
             "What each operation usually does, counted of all traffic before sampling.")
      .Value("shutdown_timeout", &E::shutdown_timeout, Duration(seconds(30)), Durations({seconds(0), hours(1)}),
             "How long a stop may take to deliver what was kept.")
      .Checked([](const E&, const Node& node, const Scope& scope) {
        const Node* share = node.Find("memory_budget_percentage");
        if (share == nullptr || node.Find("memory_budget_mib") == nullptr) return;
        scope.Child("memory_budget_percentage")
            .Fail(share->where, "memory_budget_mib and memory_budget_percentage exclude each other");
      });
  return schema;
}

}  // namespace tailrace::config

// docs/CONFIG.md and `tailrace components`, from the declarations and the list of components.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "config/components.h"
#include "config/load.h"
#include "config/options/options.h"

namespace tailrace::config {
namespace {

constexpr char kOpening[] =
    R"(<!-- Made by `tailrace_config_docs` from the declarations in config/options/. Do not edit. -->
# Configuration

Tailrace reads the OpenTelemetry Collector's YAML: `receivers`, `processors`, `exporters`, `connectors`, `extensions` and
`service`, with `type/name` ids. `config/quickstart.yaml` is a whole example.

* `--config` may be given several times: a path, `file:PATH`, `env:NAME` or `yaml:TEXT`. Maps merge; a later list or
  value replaces the earlier one. `--set key.path=value` comes last.
* `${env:NAME}`, `${NAME}`, `${env:NAME:-default}`, `${file:PATH}` and `${yaml:TEXT}` are expanded in values; `$$` is one
  `$`.
* Durations are written `300ms`, `10s`, `1h30m`.
* Unknown keys are errors; `tailrace validate` shows all errors at once, each with its file and line.
* A file has at most 8 MiB, 100000 values and 64 levels.

`-` as a type marks a key that the Collector has: what is said of it is what Tailrace does with it.
)";

std::string Cell(const std::string& text) {
  return absl::StrReplaceAll(text, {{"|", "\\|"}, {"[", "\\["}, {"<", "&lt;"}});
}

template <class T>
void AddTable(absl::string_view title, absl::string_view sentence, const Schema<T>& schema, std::string* out) {
  std::vector<DocRow> rows;
  schema.Describe("", &rows);
  absl::StrAppend(out, "\n## ", title, "\n\n", sentence, "\n");
  if (rows.empty()) {
    out->append("\nNo options.\n");
    return;
  }
  out->append("\n| key | type | default | allowed | |\n|---|---|---|---|---|\n");
  for (const DocRow& row : rows) {
    const std::string fallback =
        row.fallback.empty() || row.fallback == "required" ? row.fallback : absl::StrCat("`", row.fallback, "`");
    absl::StrAppend(out, "| `", row.key, "` | ", Cell(row.type), " | ", fallback, " | ", Cell(row.allowed), " | ",
                    Cell(row.sentence), " |\n");
  }
}

}  // namespace

std::string GenerateDocs() {
  std::string out = kOpening;
  AddTable("receivers: otlp", "OTLP over gRPC and HTTP.", OtlpReceiverOptions(), &out);
  AddTable("processors: tail_sampling", "Holds whole traces and keeps those that a policy wants.",
           TailSamplingOptions(), &out);
  AddTable("processors: batch", "How kept traces are gathered for the exporters.", BatchOptions(), &out);
  AddTable("processors: memory_limiter", "Accepted: its limit becomes the memory budget.", MemoryLimiterOptions(),
           &out);
  AddTable("exporters: otlp", "OTLP over gRPC; also written `otlp_grpc`.", OtlpExporterOptions(), &out);
  AddTable("exporters: otlphttp", "OTLP over HTTP; also written `otlp_http`.", OtlpHttpExporterOptions(), &out);
  AddTable("exporters: loadbalancing",
           "OTLP over gRPC, each trace to one of several backends; also written `load_balancing`.",
           LoadBalancingOptions(), &out);
  AddTable("exporters: file", "OTLP JSON lines.", FileExporterOptions(), &out);
  AddTable("exporters: debug", "To the log; also written `logging`.", DebugExporterOptions(), &out);
  AddTable("exporters: nop", "Nowhere.", NopExporterOptions(), &out);
  AddTable("exporters: prometheus", "A scrape endpoint, of a pipeline for metrics.", PrometheusExporterOptions(), &out);
  AddTable(
      "connectors: loadbalancing",
      "As the exporter, where this process is one of the members: an exporter of a traces pipeline and a receiver of "
      "another. What belongs to this process comes out there, what belongs to others goes to them; what another "
      "member sends here comes out too, and is never routed again. See OPERATIONS.md, *Members that route and "
      "sample*.",
      LoadBalancingConnectorOptions(), &out);
  AddTable("connectors: spanmetrics",
           "Counts all spans at their arrival, before sampling; also written `span_metrics`. It is an exporter of "
           "traces pipelines and a receiver of metrics pipelines.",
           SpanMetricsOptions(), &out);
  AddTable("extensions: health_check", "Answers whether Tailrace is ready.", HealthCheckOptions(), &out);
  AddTable("extensions: pprof", "CPU and memory profiles for `go tool pprof` and continuous profilers.", PprofOptions(),
           &out);
  AddTable("extensions: file_storage", "Keeps the queues of exporters on disk (`sending_queue::storage`).",
           FileStorageOptions(), &out);
  AddTable("extensions: basicauth", "User and password, for a backend or of clients (`auth::authenticator`).",
           BasicAuthOptions(), &out);
  AddTable("extensions: bearertokenauth", "A token, for a backend or of clients (`auth::authenticator`).",
           BearerTokenOptions(), &out);
  AddTable("extensions: oauth2client", "Tokens for a backend by OAuth 2, client credentials.", OAuth2Options(), &out);
  AddTable("service::telemetry", "Tailrace's own log and metrics.", TelemetryOptions(), &out);
  AddTable("service::tailrace", "What Tailrace adds; all of it optional.", EngineOptions(), &out);
  return out;
}

std::string ListComponents() {
  std::string out;
  for (const ComponentType& component : OfferedTypes()) {
    const std::string aliases =
        component.aliases.empty() ? "" : absl::StrCat(" (also ", internal::Join(component.aliases), ")");
    absl::StrAppend(&out, SectionWord(component.section), " ", component.type, aliases, ": ", component.sentence, "\n");
  }
  return out;
}

}  // namespace tailrace::config

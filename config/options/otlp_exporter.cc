// The exporters to OTLP backends: `otlp` (gRPC) and `otlphttp`.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "config/options/backend.h"

namespace tailrace::config {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

void ReadEndpoint(const Node& node, const Scope& scope, OtlpExporterConfig& exporter) {
  std::string text;
  if (node.IsNull() || !internal::ReadText(node, scope, &text)) return;
  const absl::StatusOr<DialTarget> target = ParseDialTarget(text);
  if (!target.ok()) return scope.Fail(node.where, std::string(target.status().message()));
  exporter.endpoint = target->endpoint;
  // The scheme beats tls::insecure, as in the Collector; options are read in the order of their declaration.
  if (target->scheme == DialTarget::Scheme::kHttp) exporter.tls.insecure = true;
  if (target->scheme == DialTarget::Scheme::kHttps) exporter.tls.insecure = false;
}

// A scheme and a host, at least.
bool IsUrl(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, "http://") && !absl::ConsumePrefix(&text, "https://")) return false;
  return !text.empty() && text[0] != '/' && text.find_first_of(" \t\r\n") == absl::string_view::npos;
}

// The base to which /v1/traces is added, with one slash between.
void ReadBase(const Node& node, const Scope& scope, OtlpHttpExporterConfig& exporter) {
  std::string text;
  if (node.IsNull() || !internal::ReadText(node, scope, &text)) return;
  if (!IsUrl(text)) return scope.Fail(node.where, absl::StrCat(node.Describe(), " is not a URL: http:// or https://"));
  exporter.url = absl::StrCat(absl::StripSuffix(text, "/"), "/v1/traces");
}

void ReadUrl(const Node& node, const Scope& scope, OtlpHttpExporterConfig& exporter) {
  std::string text;
  if (node.IsNull() || !internal::ReadText(node, scope, &text)) return;
  if (!IsUrl(text)) return scope.Fail(node.where, absl::StrCat(node.Describe(), " is not a URL: http:// or https://"));
  exporter.url = text;
}

Schema<KeepaliveConfig> KeepaliveOptions() {
  using K = KeepaliveConfig;
  Schema<K> schema;
  schema
      .Value("time", &K::time, Duration(seconds(10)), Durations({seconds(10), hours(24)}),
             "How long a connection is silent before it is tried.")
      .Value("timeout", &K::timeout, Duration(seconds(10)), Durations({seconds(1), hours(1)}),
             "How long the answer to that may take.")
      .Value("permit_without_stream", &K::permit_without_stream, false, Booleans(), "Also while nothing is sent.");
  return schema;
}

BackendDefaults GrpcDefaults() { return {seconds(5), {"gzip", "none"}}; }

// What only gRPC has.
void AddGrpcOptions(Schema<OtlpExporterConfig>* schema) {
  using E = OtlpExporterConfig;
  schema
      ->Group(
          "keepalive", &E::keepalive, KeepaliveOptions(), "Pings on silent connections; off unless it is given.",
          [](KeepaliveConfig& keepalive) { keepalive.enabled = true; },
          [](const KeepaliveConfig& keepalive) { return keepalive.enabled; })
      .Value("balancer_name", &E::balancer_name, std::string("round_robin"), Choices({"round_robin", "pick_first"}),
             "How requests are spread over the backend's addresses.")
      .Value("authority", &E::authority, std::string(), Texts(), "The :authority header. Empty: the endpoint's host.")
      .NoEffect("wait_for_ready", "a batch waits in the queue until the backend answers");
}

}  // namespace

Schema<OtlpExporterConfig> OtlpExporterOptions() {
  using E = OtlpExporterConfig;
  Schema<E> schema;
  schema.Base(BackendOptions(GrpcDefaults()))
      .Custom({"endpoint", "host:port", "", "",
               "The backend. `http://` before it: plaintext; `https://`: TLS; also `dns:///` and `unix://`."},
              ReadEndpoint, [](const E& exporter) { return Node::Scalar(exporter.endpoint); })
      .Required();
  AddGrpcOptions(&schema);
  return schema;
}

Schema<OtlpExporterConfig> OtlpMemberOptions() {
  Schema<OtlpExporterConfig> schema;
  schema.Base(BackendOptions(GrpcDefaults())).NoEffect("endpoint", "the resolver says where the members are");
  AddGrpcOptions(&schema);
  return schema;
}

Schema<OtlpHttpExporterConfig> OtlpHttpExporterOptions() {
  using E = OtlpHttpExporterConfig;
  Schema<E> schema;
  schema.Base(BackendOptions({seconds(30), {"gzip", "zstd", "none"}}))
      .Custom({"endpoint", "URL", "", "", "The backend's base: `/v1/traces` is added."}, ReadBase)
      .Custom({"traces_endpoint", "URL", "", "", "The whole URL, as it is; beats endpoint."}, ReadUrl,
              [](const E& exporter) { return Node::Scalar(RedactUrl(exporter.url)); })
      .Value("encoding", &E::encoding, OtlpEncoding::kProto,
             Enums<OtlpEncoding>({{"proto", OtlpEncoding::kProto}, {"json", OtlpEncoding::kJson}}), "Protobuf or JSON.")
      .NoEffect("metrics_endpoint", "Tailrace sends traces only")
      .NoEffect("logs_endpoint", "Tailrace sends traces only")
      .NoEffect("profiles_endpoint", "Tailrace sends traces only")
      .NoEffect("compression_params", "the libraries' usual levels are used")
      .NoEffect("max_idle_conns", "as many connections are kept as requests are sent at a time")
      .NoEffect("max_idle_conns_per_host", "as many connections are kept as requests are sent at a time")
      .NoEffect("max_conns_per_host", "num_consumers bounds them")
      .NoEffect("idle_conn_timeout", "the library closes idle connections")
      .NoEffect("disable_keep_alives", "connections are used again")
      .NoEffect("http2_read_idle_timeout", "the library's own settings are used")
      .NoEffect("http2_ping_timeout", "the library's own settings are used")
      .NoEffect("force_attempt_http2", "HTTP/2 is used over TLS where the backend offers it")
      .NotYet("cookies")
      .Checked([](const E& exporter, const Node& node, const Scope& scope) {
        // One that is given and wrong has been reported.
        const bool given = node.Find("endpoint") != nullptr || node.Find("traces_endpoint") != nullptr;
        if (exporter.url.empty() && !given) scope.Fail(node.where, "at least one endpoint must be specified");
      });
  return schema;
}

}  // namespace tailrace::config

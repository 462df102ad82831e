// The `prometheus` exporter.
#include "config/options/options.h"

namespace tailrace::config {
namespace {

using P = PrometheusExporterConfig;

constexpr char kServer[] = "the endpoint answers scrapes only, within its own limits";

void ReadEndpoint(const Node& node, const Scope& scope, P& exporter) {
  if (!node.IsNull()) ReadHostPort(node, scope, &exporter.host, &exporter.port);
}

Schema<P> ResourceOptions() {
  Schema<P> schema;
  schema
      .Value("enabled", &P::resource_labels, false, Booleans(),
             "Every attribute of a resource becomes a label of its series.")
      .NotYet("exclude_service_attributes", "false")
      .NotYet("included")
      .NotYet("excluded");
  return schema;
}

}  // namespace

Schema<P> PrometheusExporterOptions() {
  Schema<P> schema;
  schema
      .Custom({"endpoint", "host:port", "", "", "Where /metrics is. Port 0: any free one."}, ReadEndpoint,
              [](const P& exporter) { return Node::Scalar(JoinHostPort(exporter.host, exporter.port)); })
      .Required()
      .Base(AccessOptions())
      .Value("namespace", &P::metrics_namespace, std::string(), Texts(), "Put before each metric's name.")
      .Value("const_labels", &P::const_labels, {}, TextMaps(), "Labels that every series has.")
      .Value("send_timestamps", &P::send_timestamps, false, Booleans(), "Each sample carries the scrape's time.")
      .Section("resource_to_telemetry_conversion", ResourceOptions(), "Labels from resources.")
      .Value("without_scope_info", &P::without_scope_info, false, Booleans(), "Leaves the otel_scope_ labels out.")
      .Value("enable_open_metrics", &P::open_metrics, false, Booleans(),
             "Scrapers that ask for OpenMetrics, as Prometheus does, get it: the format that has exemplars.")
      .Value("add_metric_suffixes", &P::metric_suffixes, true, Booleans(), "Names end with their unit and _total.")
      .NotYet("resource_constant_labels")
      .NotYet("translation_strategy", "UnderscoreEscapingWithSuffixes")
      .NoEffect("metric_expiration", "a connector gives all of its series anew at each scrape")
      .NoEffect("sending_queue", "series are read at each scrape")
      .NoEffect("read_timeout", kServer)
      .NoEffect("read_header_timeout", kServer)
      .NoEffect("write_timeout", kServer)
      .NoEffect("idle_timeout", kServer)
      .NoEffect("max_request_body_size", kServer)
      .NoEffect("include_metadata", kServer)
      .NoEffect("compression_algorithms", kServer)
      .NoEffect("keep_alives_enabled", kServer)
      .NotYet("cors")
      .NotYet("response_headers");
  return schema;
}

}  // namespace tailrace::config

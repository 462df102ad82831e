#include "config/components.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "config/did_you_mean.h"
#include "config/kinds.h"
#include "config/report.h"

namespace tailrace::config {
namespace {

struct CollectorTypes {
  Section section;
  absl::string_view types;  // between spaces
};

// What the Collector and its contrib distribution have and Tailrace has not.
constexpr CollectorTypes kCollectorOnly[] = {
    {Section::kReceivers,
     "jaeger zipkin kafka opencensus prometheus hostmetrics filelog fluentforward k8s_cluster k8s_events k8sobjects "
     "kubeletstats syslog tcplog udplog statsd skywalking datadog awsxray googlecloudpubsub otelarrow nop "
     "docker_stats redis mysql postgresql mongodb nginx apache collectd carbon influxdb splunk_hec loki journald "
     "httpcheck file otlpjsonfile otlp_json_file azureeventhub pulsar solace webhookevent namedpipe"},
    {Section::kProcessors,
     "attributes resource resourcedetection resource_detection k8sattributes k8s_attributes filter transform "
     "probabilistic_sampler groupbytrace groupbyattrs span redaction routing cumulativetodelta deltatorate "
     "metricstransform metricsgeneration metricstarttime interval remotetap isolationforest logdedup geoip schema "
     "span_pruning unroll deltatocumulative log_dedup sumologic coralogix datadog dns_lookup dynamic_sampling"},
    {Section::kExporters,
     "kafka jaeger zipkin prometheusremotewrite "
     "prometheus_remote_write datadog splunk_hec sapm signalfx elasticsearch opensearch loki awsxray awss3 awsemf "
     "googlecloud azuremonitor honeycombmarker influxdb clickhouse cassandra pulsar rabbitmq otelarrow syslog carbon "
     "coralogix logzio sentry tencentcloud_logservice alibabacloud_logservice googlecloudpubsub faro mezmo bmchelix"},
    {Section::kConnectors,
     "forward servicegraph service_graph count routing failover exceptions datadog "
     "roundrobin round_robin sum grafanacloud signaltometrics signal_to_metrics otlpjson otlp_json metricsaslogs "
     "slowsql"},
    {Section::kExtensions,
     "healthcheckv2 zpages oidc db_storage redis_storage "
     "headers_setter host_observer k8s_observer docker_observer ecs_observer http_forwarder sigv4auth awsproxy "
     "memory_limiter memory_ballast opamp jaegerremotesampling remotetap k8s_leader_elector asapauth azureauth "
     "googleclientauth cgroupruntime datadog sumologic storage pebble_tail_storage text_encoding otlp_encoding "
     "json_log_encoding zipkin_encoding jaeger_encoding avro_log_encoding ack"},
};

bool IsCollectorOnly(Section section, absl::string_view type) {
  for (const CollectorTypes& list : kCollectorOnly) {
    if (list.section != section) continue;
    for (const absl::string_view name : absl::StrSplit(list.types, ' ')) {
      if (name == type) return true;
    }
  }
  return false;
}

}  // namespace

const std::vector<ComponentType>& OfferedTypes() {
  static const auto& types = *new std::vector<ComponentType>{
      {Section::kReceivers, "otlp", {}, "OTLP over gRPC and HTTP"},
      {Section::kProcessors, "tail_sampling", {}, "holds whole traces and keeps those that a policy wants"},
      {Section::kProcessors, "batch", {}, "how kept traces are gathered for the exporters"},
      {Section::kProcessors, "memory_limiter", {}, "accepted: its limit becomes the memory budget"},
      {Section::kExporters, "otlp", {"otlp_grpc"}, "OTLP over gRPC"},
      {Section::kExporters, "otlphttp", {"otlp_http"}, "OTLP over HTTP"},
      {Section::kExporters,
       "loadbalancing",
       {"load_balancing"},
       "OTLP over gRPC, each trace to one of several backends"},
      {Section::kExporters, "file", {}, "OTLP JSON lines"},
      {Section::kExporters, "debug", {"logging"}, "to the log"},
      {Section::kExporters, "nop", {}, "nowhere"},
      {Section::kExporters, "prometheus", {}, "shows metrics to a scraper"},
      {Section::kConnectors,
       "loadbalancing",
       {"load_balancing"},
       "each trace to one of several members, of which this process is one"},
      {Section::kConnectors, "spanmetrics", {"span_metrics"}, "calls and durations of all spans, as metrics"},
      {Section::kExtensions, "health_check", {}, "answers whether Tailrace is ready"},
      {Section::kExtensions, "pprof", {}, "answers `go tool pprof` and continuous profilers"},
      {Section::kExtensions, "file_storage", {}, "keeps the queues of exporters on disk"},
      {Section::kExtensions, "basicauth", {"basic_auth"}, "user and password: for a backend, or of those who may send"},
      {Section::kExtensions,
       "bearertokenauth",
       {"bearer_token_auth"},
       "a token: for a backend, or of those who may send"},
      {Section::kExtensions, "oauth2client", {"oauth2_client"}, "tokens for a backend by OAuth 2"},
      {Section::kPolicies, "always_sample", {}, "keeps every trace"},
      {Section::kPolicies, "latency", {}, "keeps slow traces"},
      {Section::kPolicies, "status_code", {}, "keeps traces by the status of their spans"},
      {Section::kPolicies, "probabilistic", {}, "keeps a share of all traces, by trace id"},
      {Section::kPolicies, "numeric_attribute", {}, "keeps traces by a whole number among their attributes"},
      {Section::kPolicies, "boolean_attribute", {}, "keeps traces by a truth value among their attributes"},
      {Section::kPolicies, "string_attribute", {}, "keeps traces by a text among their attributes"},
      {Section::kPolicies, "rate_limiting", {}, "keeps so many spans a second"},
      {Section::kPolicies, "bytes_limiting", {}, "keeps so many bytes a second"},
      {Section::kPolicies, "span_count", {}, "keeps traces by their number of spans"},
      {Section::kPolicies, "trace_state", {}, "keeps traces by a member of their W3C trace state"},
      {Section::kPolicies, "trace_flags", {}, "keeps traces with a span whose W3C sampled flag is set"},
      {Section::kPolicies, "ottl_condition", {}, "keeps traces with a span or event that an OTTL condition is true of"},
      {Section::kPolicies, "and", {}, "keeps what every one of its policies keeps"},
      {Section::kPolicies, "not", {}, "keeps what its policy does not keep"},
      {Section::kPolicies, "drop", {}, "drops what every one of its policies keeps, whatever others say"},
      {Section::kPolicies, "composite", {}, "shares spans a second among its policies"},
  };
  return types;
}

absl::string_view SectionKey(Section section) {
  constexpr absl::string_view kKeys[] = {"receivers",  "processors", "exporters",
                                         "connectors", "extensions", "policies"};
  return kKeys[static_cast<size_t>(section)];
}

absl::string_view SectionWord(Section section) {
  constexpr absl::string_view kWords[] = {"receiver", "processor", "exporter", "connector", "extension", "policy"};
  return kWords[static_cast<size_t>(section)];
}

std::optional<std::string> CanonicalType(Section section, absl::string_view type) {
  for (const ComponentType& offered : OfferedTypes()) {
    if (offered.section != section) continue;
    if (offered.type == type || std::count(offered.aliases.begin(), offered.aliases.end(), type) > 0) {
      return offered.type;
    }
  }
  return std::nullopt;
}

bool IsKnown(Section section, absl::string_view type) {
  return CanonicalType(section, type).has_value() || IsCollectorOnly(section, type);
}

std::vector<std::string> TypeNames(Section section) {
  std::vector<std::string> names;
  for (const ComponentType& offered : OfferedTypes()) {
    if (offered.section != section) continue;
    names.push_back(offered.type);
    names.insert(names.end(), offered.aliases.begin(), offered.aliases.end());
  }
  for (const CollectorTypes& list : kCollectorOnly) {
    if (list.section != section) continue;
    for (const absl::string_view name : absl::StrSplit(list.types, ' ')) names.emplace_back(name);
  }
  return names;
}

std::string SuggestType(Section section, absl::string_view type) {
  std::string near = DidYouMean(type, TypeNames(section));
  if (!near.empty()) return near;
  std::vector<std::string> offered;
  for (const ComponentType& component : OfferedTypes()) {
    if (component.section == section) offered.push_back(component.type);
  }
  if (offered.empty()) return "";
  return absl::StrCat("; Tailrace has: ", internal::Join(offered));
}

absl::StatusOr<ComponentId> ParseComponentId(absl::string_view text) {
  const std::string shown(text.substr(0, 80));
  const auto bad = [&shown](absl::string_view why) {
    return absl::InvalidArgumentError(absl::StrCat("\"", shown, "\" is not a component id (type or type/name): ", why));
  };
  const size_t slash = text.find('/');
  ComponentId id;
  id.type = std::string(absl::StripAsciiWhitespace(text.substr(0, slash)));
  if (id.type.empty()) return bad("the part before / must not be empty");
  const bool letters =
      std::all_of(id.type.begin(), id.type.end(), [](unsigned char c) { return absl::ascii_isalnum(c) || c == '_'; });
  if (!letters || !absl::ascii_isalpha(static_cast<unsigned char>(id.type[0])) || id.type.size() > 63) {
    return bad("a type is a letter and up to 62 letters, digits and _");
  }
  id.text = id.type;
  if (slash == absl::string_view::npos) return id;
  id.name = std::string(absl::StripAsciiWhitespace(text.substr(slash + 1)));
  if (id.name.empty()) return bad("the part after / must not be empty");
  if (id.name.size() > 1024) return bad("a name has at most 1024 characters");
  const bool plain = std::all_of(id.name.begin(), id.name.end(), [](unsigned char c) {
    return c > 0x20 && c != 0x7f &&
           absl::string_view("$+<=>^`|~").find(static_cast<char>(c)) == absl::string_view::npos;
  });
  if (!plain) return bad("a name has no spaces, control characters or symbols");
  absl::StrAppend(&id.text, "/", id.name);
  return id;
}

}  // namespace tailrace::config

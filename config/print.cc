// A Config back to the dialect, defaults included: what `tailrace print-config` shows. Load() reads it back to the
// same.
#include <utility>

#include "absl/strings/str_cat.h"
#include "config/backend_of.h"
#include "config/load.h"
#include "config/options/options.h"

namespace tailrace::config {
namespace {

Node IdList(std::vector<std::string> ids) {
  Node list = Node::List();
  for (std::string& id : ids) list.items.push_back(Node::Scalar(std::move(id)));
  return list;
}

const ComponentId& IdOf(const ExporterConfig& exporter) {
  return std::visit([](const auto& config) -> const ComponentId& { return config.id; }, exporter);
}

bool IsConnector(const ExporterConfig& exporter) {
  const auto* balancing = std::get_if<LoadBalancingConfig>(&exporter);
  return balancing != nullptr && balancing->is_connector;
}

struct ExporterPrinter {
  Node operator()(const OtlpExporterConfig& config) const { return OtlpExporterOptions().Print(config); }
  Node operator()(const OtlpHttpExporterConfig& config) const { return OtlpHttpExporterOptions().Print(config); }
  Node operator()(const LoadBalancingConfig& config) const {
    return (config.is_connector ? LoadBalancingConnectorOptions() : LoadBalancingOptions()).Print(config);
  }
  Node operator()(const FileExporterConfig& config) const { return FileExporterOptions().Print(config); }
  Node operator()(const DebugExporterConfig& config) const { return DebugExporterOptions().Print(config); }
  Node operator()(const NopExporterConfig& config) const { return NopExporterOptions().Print(config); }
};

// Components by id; the same id is printed once.
void AddOnce(const std::string& id, Node options, Node* section) {
  if (section->Find(id) == nullptr) section->Add(id, std::move(options));
}

// The id of a `batch` with these options: equal ones share it.
std::string AddBatch(const BatchConfig& batch, Node* processors) {
  const Node options = BatchOptions().Print(batch);
  for (int number = 1;; ++number) {
    const std::string id = number == 1 ? "batch" : absl::StrCat("batch/", number);
    const Node* present = processors->Find(id);
    if (present == nullptr) processors->Add(id, options);
    if (present == nullptr || ToYaml(*present) == ToYaml(options)) return id;
  }
}

struct AuthPrinter {
  Node operator()(std::monostate) const { return Node::Map(); }
  Node operator()(const BasicAuthConfig& auth) const { return BasicAuthOptions().Print(auth); }
  Node operator()(const BearerTokenConfig& auth) const { return BearerTokenOptions().Print(auth); }
  Node operator()(const OAuth2Config& auth) const { return OAuth2Options().Print(auth); }
};

// Of a BackendConfig or an AccessConfig.
template <class User>
void AddAuthenticator(const User& user, Node* extensions) {
  if (user.authenticator.text.empty()) return;
  AddOnce(user.authenticator.text, std::visit(AuthPrinter(), user.auth), extensions);
}

// Those that something refers to.
Node PrintExtensions(const Config& config) {
  Node extensions = Node::Map();
  if (config.health_check.enabled) extensions.Add("health_check", HealthCheckOptions().Print(config.health_check));
  if (config.pprof.enabled) extensions.Add("pprof", PprofOptions().Print(config.pprof));
  for (const FileStorageConfig& storage : config.storages) {
    AddOnce(storage.id.text, FileStorageOptions().Print(storage), &extensions);
  }
  for (const ExporterConfig& exporter : config.exporters) {
    if (const BackendConfig* backend = BackendOf(exporter)) AddAuthenticator(*backend, &extensions);
  }
  for (const OtlpReceiverConfig& receiver : config.receivers) {
    AddAuthenticator<AccessConfig>(receiver.grpc, &extensions);
    AddAuthenticator<AccessConfig>(receiver.http, &extensions);
  }
  AddAuthenticator<AccessConfig>(config.health_check, &extensions);
  AddAuthenticator<AccessConfig>(config.pprof, &extensions);
  for (const PrometheusExporterConfig& exporter : config.prometheus_exporters) {
    AddAuthenticator<AccessConfig>(exporter, &extensions);
  }
  AddAuthenticator(config.engine.metrics, &extensions);
  AddAuthenticator<AccessConfig>(config.engine.page, &extensions);
  return extensions;
}

Node PrintPipeline(const PipelineConfig& pipeline, const Config& config, Node* processors) {
  std::vector<std::string> receivers;
  for (const uint32_t index : pipeline.receivers) receivers.push_back(config.receivers[index].id.text);
  for (const uint32_t index : pipeline.routers) receivers.push_back(IdOf(config.exporters[index]).text);
  std::vector<std::string> steps;
  if (pipeline.tail_sampling >= 0) {
    const TailSamplingConfig& sampling = config.tail_samplings[static_cast<size_t>(pipeline.tail_sampling)];
    AddOnce(sampling.id.text, TailSamplingOptions().Print(sampling), processors);
    steps.push_back(sampling.id.text);
  }
  steps.push_back(AddBatch(pipeline.batch, processors));
  std::vector<std::string> exporters;
  for (const uint32_t index : pipeline.exporters) exporters.push_back(IdOf(config.exporters[index]).text);
  for (const uint32_t index : pipeline.connectors) exporters.push_back(config.span_metrics[index].id.text);
  Node node = Node::Map();
  node.Add("receivers", IdList(std::move(receivers)));
  node.Add("processors", IdList(std::move(steps)));
  node.Add("exporters", IdList(std::move(exporters)));
  return node;
}

Node PrintMetricsPipeline(const MetricsPipelineConfig& pipeline, const Config& config) {
  std::vector<std::string> receivers, exporters;
  for (const uint32_t index : pipeline.connectors) receivers.push_back(config.span_metrics[index].id.text);
  for (const uint32_t index : pipeline.exporters) exporters.push_back(config.prometheus_exporters[index].id.text);
  Node node = Node::Map();
  node.Add("receivers", IdList(std::move(receivers)));
  node.Add("exporters", IdList(std::move(exporters)));
  return node;
}

}  // namespace

std::string Print(const Config& config) {
  Node receivers = Node::Map();
  Node processors = Node::Map();
  Node exporters = Node::Map();
  Node connectors = Node::Map();
  Node pipelines = Node::Map();
  for (const OtlpReceiverConfig& receiver : config.receivers) {
    AddOnce(receiver.id.text, OtlpReceiverOptions().Print(receiver), &receivers);
  }
  for (const ExporterConfig& exporter : config.exporters) {
    AddOnce(IdOf(exporter).text, std::visit(ExporterPrinter(), exporter),
            IsConnector(exporter) ? &connectors : &exporters);
  }
  for (const PrometheusExporterConfig& exporter : config.prometheus_exporters) {
    AddOnce(exporter.id.text, PrometheusExporterOptions().Print(exporter), &exporters);
  }
  for (const SpanMetricsConfig& connector : config.span_metrics) {
    AddOnce(connector.id.text, SpanMetricsOptions().Print(connector), &connectors);
  }
  for (const PipelineConfig& pipeline : config.pipelines) {
    pipelines.Add(pipeline.id, PrintPipeline(pipeline, config, &processors));
  }
  for (const MetricsPipelineConfig& pipeline : config.metrics_pipelines) {
    pipelines.Add(pipeline.id, PrintMetricsPipeline(pipeline, config));
  }
  Node service = Node::Map();
  Node root = Node::Map();
  root.Add("receivers", std::move(receivers));
  root.Add("processors", std::move(processors));
  root.Add("exporters", std::move(exporters));
  if (!connectors.keys.empty()) root.Add("connectors", std::move(connectors));
  Node extensions = PrintExtensions(config);
  if (!extensions.keys.empty()) {
    std::vector<std::string> ids;
    for (const Node::Key& key : extensions.keys) ids.push_back(key.text);
    root.Add("extensions", std::move(extensions));
    service.Add("extensions", IdList(std::move(ids)));
  }
  service.Add("pipelines", std::move(pipelines));
  service.Add("telemetry", TelemetryOptions().Print({config.logs, config.metrics}));
  service.Add("tailrace", EngineOptions().Print(config.engine));
  root.Add("service", std::move(service));
  return ToYaml(root);
}

}  // namespace tailrace::config

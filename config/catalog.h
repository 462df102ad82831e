// The components that a file defines, each read with its options: what the pipelines then choose from.
//
// Values of one Load(); single-threaded.
#pragma once

#include <map>
#include <string>
#include <variant>

#include "config/components.h"
#include "config/model.h"
#include "config/options/options.h"
#include "config/report.h"

namespace tailrace::config {

struct Defined {
  ComponentId id;
  Where where;
  // Nothing where the component only exists in the Collector, or was refused.
  std::variant<std::monostate, OtlpReceiverConfig, TailSamplingConfig, BatchConfig, MemoryLimiter, ExporterConfig,
               HealthCheckConfig, PprofConfig, FileStorageConfig, BasicAuthConfig, BearerTokenConfig, OAuth2Config,
               PrometheusExporterConfig, SpanMetricsConfig>
      config;
  bool collector_only = false;
  bool is_listed = false;  // extensions: in service::extensions
};

struct Catalog {
  // By id with the canonical type, so that both spellings of a type meet.
  std::map<std::string, Defined> receivers;
  std::map<std::string, Defined> processors;
  std::map<std::string, Defined> exporters;
  std::map<std::string, Defined> connectors;
  std::map<std::string, Defined> extensions;

  std::map<std::string, Defined>& Of(Section section);
};

// Reads the five sections; problems go to the report.
Catalog ReadCatalog(const Node& root, Report* report);

// The id that a text refers to, with its canonical type: "otlp_grpc/x" and "otlp/x" meet. As it stands where it is
// none.
std::string CanonicalId(Section section, const std::string& text);

}  // namespace tailrace::config

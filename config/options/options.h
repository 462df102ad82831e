// The option tables, one function for each component; each is written down in the file of its name beside this one.
// Loading, printing and the documentation all ask here.
#pragma once

#include "config/model.h"
#include "config/schema.h"

namespace tailrace::config {

// What a user's `memory_limiter` says; the engine's budget is made from it.
struct MemoryLimiter {
  uint64_t limit_bytes = 0;
  double limit_percentage = 0;
};

// service::telemetry.
struct Telemetry {
  LogsConfig logs;
  MetricsConfig metrics;
};

// `tls` and `auth` of a listener.
Schema<AccessConfig> AccessOptions();
Schema<OtlpReceiverConfig> OtlpReceiverOptions();
Schema<TailSamplingConfig> TailSamplingOptions();
Schema<BatchConfig> BatchOptions();
Schema<MemoryLimiter> MemoryLimiterOptions();
Schema<OtlpExporterConfig> OtlpExporterOptions();
Schema<OtlpHttpExporterConfig> OtlpHttpExporterOptions();
// The same without the endpoint, which is not asked for.
Schema<OtlpExporterConfig> OtlpMemberOptions();
Schema<LoadBalancingConfig> LoadBalancingOptions();
// As a connector.
Schema<LoadBalancingConfig> LoadBalancingConnectorOptions();
Schema<FileExporterConfig> FileExporterOptions();
Schema<DebugExporterConfig> DebugExporterOptions();
Schema<NopExporterConfig> NopExporterOptions();
Schema<PrometheusExporterConfig> PrometheusExporterOptions();
Schema<SpanMetricsConfig> SpanMetricsOptions();
Schema<BaselinesConfig> BaselinesOptions();
Schema<HealthCheckConfig> HealthCheckOptions();
Schema<PprofConfig> PprofOptions();
Schema<FileStorageConfig> FileStorageOptions();
Schema<BasicAuthConfig> BasicAuthOptions();
Schema<BearerTokenConfig> BearerTokenOptions();
Schema<OAuth2Config> OAuth2Options();
Schema<Telemetry> TelemetryOptions();
Schema<PageConfig> PageOptions();
Schema<EngineConfig> EngineOptions();

// The policies of a tail_sampling: name, type, and the options of the type (options/policies.cc).
void LoadPolicies(const Node& list, const Scope& scope, std::vector<PolicyConfig>* policies);
Node PrintPolicies(const std::vector<PolicyConfig>& policies);
void DescribePolicies(const std::string& path, std::vector<DocRow>* rows);

// A share of the memory that the process may use, down to a whole MiB.
uint64_t ShareOfMemory(double percentage, uint64_t total_bytes);

}  // namespace tailrace::config

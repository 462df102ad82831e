#include "collector/exporters/factory.h"

#include <variant>

#include "collector/exporters/balancing/load_balancing_exporter.h"
#include "collector/exporters/debug_exporter.h"
#include "collector/exporters/file_exporter.h"
#include "collector/exporters/nop_exporter.h"
#include "collector/exporters/otlp_exporter.h"

namespace tailrace {

absl::StatusOr<std::unique_ptr<Exporter>> MakeExporter(const config::ExporterConfig& config,
                                                       const std::vector<config::FileStorageConfig>& storages,
                                                       Logger& logger) {
  static const SystemClock clock;
  return MakeExporter(config, storages, logger, clock);
}

absl::StatusOr<std::unique_ptr<Exporter>> MakeExporter(const config::ExporterConfig& config,
                                                       const std::vector<config::FileStorageConfig>& storages,
                                                       Logger& logger, const Clock& clock) {
  const auto storage_of = [&storages](const config::BackendConfig& backend) {
    return backend.queue.storage_index < 0 ? nullptr : &storages[static_cast<size_t>(backend.queue.storage_index)];
  };
  if (const auto* otlp = std::get_if<config::OtlpExporterConfig>(&config)) {
    return MakeOtlpExporter(*otlp, storage_of(*otlp), logger, clock);
  }
  if (const auto* otlphttp = std::get_if<config::OtlpHttpExporterConfig>(&config)) {
    return MakeOtlpHttpExporter(*otlphttp, storage_of(*otlphttp), logger, clock);
  }
  if (const auto* balancing = std::get_if<config::LoadBalancingConfig>(&config)) {
    return MakeLoadBalancingExporter(*balancing, logger, clock);
  }
  if (const auto* file = std::get_if<config::FileExporterConfig>(&config)) {
    return MakeFileExporter(*file, logger, clock);
  }
  if (const auto* debug = std::get_if<config::DebugExporterConfig>(&config)) {
    return MakeDebugExporter(*debug, logger, clock);
  }
  return MakeNopExporter(std::get<config::NopExporterConfig>(config));
}

}  // namespace tailrace

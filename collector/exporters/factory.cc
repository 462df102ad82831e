#include "collector/exporters/factory.h"

#include <type_traits>
#include <variant>

#include "collector/exporters/debug_exporter.h"
#include "collector/exporters/file_exporter.h"
#include "collector/exporters/nop_exporter.h"
#include "collector/exporters/otlp_exporter.h"

namespace tailrace {

absl::StatusOr<std::unique_ptr<Exporter>> MakeExporter(const config::ExporterConfig& config, Logger& logger) {
  static const SystemClock clock;
  return MakeExporter(config, logger, clock);
}

absl::StatusOr<std::unique_ptr<Exporter>> MakeExporter(const config::ExporterConfig& config, Logger& logger,
                                                       const Clock& clock) {
  if (const auto* otlp = std::get_if<config::OtlpExporterConfig>(&config)) {
    return MakeOtlpExporter(*otlp, logger, clock);
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

// What the exporters to backends have in common, found in whatever exporter there is.
#pragma once

#include <variant>

#include "config/model.h"

namespace tailrace::config {

// Null for an exporter that has no backend.
inline BackendConfig* BackendOf(ExporterConfig& exporter) {
  if (auto* otlp = std::get_if<OtlpExporterConfig>(&exporter)) return otlp;
  if (auto* otlphttp = std::get_if<OtlpHttpExporterConfig>(&exporter)) return otlphttp;
  if (auto* balancing = std::get_if<LoadBalancingConfig>(&exporter)) return &balancing->member;
  return nullptr;
}
inline const BackendConfig* BackendOf(const ExporterConfig& exporter) {
  return BackendOf(const_cast<ExporterConfig&>(exporter));
}

}  // namespace tailrace::config

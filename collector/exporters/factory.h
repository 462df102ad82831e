// MakeExporter: the only place that knows which exporters there are. To add one: its struct in config/model.h, its file
// here, one line in factory.cc, one line in tests/collector/exporters/exporter_contract_test.cc.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "collector/exporters/exporter.h"
#include "collector/telemetry/log.h"
#include "config/model.h"

namespace tailrace {

// `storages`: Config::storages, where its sending queue may be. `logger` outlives the exporter. Nothing is
// opened and no thread runs before Start().
[[nodiscard]] absl::StatusOr<std::unique_ptr<Exporter>> MakeExporter(
    const config::ExporterConfig& config, const std::vector<config::FileStorageConfig>& storages, Logger& logger);
// The same with another clock, which outlives the exporter too: back-off and the stop deadline are counted on it.
[[nodiscard]] absl::StatusOr<std::unique_ptr<Exporter>> MakeExporter(
    const config::ExporterConfig& config, const std::vector<config::FileStorageConfig>& storages, Logger& logger,
    const Clock& clock);

}  // namespace tailrace

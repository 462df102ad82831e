// The exporters to an OTLP backend: `otlp` (gRPC) and `otlphttp`. Each is a RemoteExporter with the transport of its
// protocol.
#pragma once

#include <memory>

#include "base/clock.h"
#include "collector/exporters/exporter.h"
#include "collector/exporters/remote_exporter.h"
#include "collector/telemetry/log.h"
#include "config/model.h"

namespace tailrace {

// `storage`: of the sending queue; null: it is in memory.
std::unique_ptr<Exporter> MakeOtlpExporter(const config::OtlpExporterConfig& config,
                                           const config::FileStorageConfig* storage, Logger& logger,
                                           const Clock& clock);
// One of several: `config` with the member's own endpoint and id; its queue is in memory.
std::unique_ptr<RemoteExporter> MakeOtlpMember(const config::OtlpExporterConfig& config,
                                               std::shared_ptr<DeadLetters> dead_letters, Logger& logger,
                                               const Clock& clock);
std::unique_ptr<Exporter> MakeOtlpHttpExporter(const config::OtlpHttpExporterConfig& config,
                                               const config::FileStorageConfig* storage, Logger& logger,
                                               const Clock& clock);

}  // namespace tailrace

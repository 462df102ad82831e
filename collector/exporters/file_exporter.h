// `file`: OTLP JSON lines, one ExportTraceServiceRequest a line, as the Collector's file exporter writes them.
//
// Batches are gathered and written when they are many or when flush_interval is over; until then they are in flight.
// A write that fails is counted and logged, and the next one is tried again: a full disk stops nothing.
#pragma once

#include <memory>

#include "base/clock.h"
#include "collector/exporters/exporter.h"
#include "collector/telemetry/log.h"
#include "config/model.h"

namespace tailrace {

std::unique_ptr<Exporter> MakeFileExporter(const config::FileExporterConfig& config, Logger& logger,
                                           const Clock& clock);

}  // namespace tailrace

// `debug`: kept traces in the log, for the eyes of who tries out a configuration.
//   basic     one line a batch, with counts
//   normal    one record a trace: a line about the whole, then the tree of its spans
//   detailed  everything, in the layout of the Collector's debug exporter
// Own thread: a terminal that is slow, or paused, slows nothing else down.
#pragma once

#include <memory>

#include "base/clock.h"
#include "collector/exporters/exporter.h"
#include "collector/telemetry/log.h"
#include "config/model.h"

namespace tailrace {

std::unique_ptr<Exporter> MakeDebugExporter(const config::DebugExporterConfig& config, Logger& logger,
                                            const Clock& clock);

}  // namespace tailrace

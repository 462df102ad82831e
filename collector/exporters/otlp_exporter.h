// `otlp`: OTLP/gRPC to a backend. One thread with gRPC's completion queue sends, whatever num_consumers says: that
// bounds the requests in flight. A payload is handed to gRPC by reference; only compression copies it.
//
//   Offer() -> SendingQueue -> [thread: StartCalls -> gRPC -> Finish] -> forwarded / waits for a retry / dropped
#pragma once

#include <memory>

#include "base/clock.h"
#include "collector/exporters/exporter.h"
#include "collector/telemetry/log.h"
#include "config/model.h"

namespace tailrace {

std::unique_ptr<Exporter> MakeOtlpExporter(const config::OtlpExporterConfig& config, Logger& logger,
                                           const Clock& clock);

}  // namespace tailrace

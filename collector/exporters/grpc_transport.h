// BackendTransport over gRPC. A payload is handed to gRPC by reference; only compression copies it.
#pragma once

#include <memory>

#include "base/clock.h"
#include "collector/exporters/backend_transport.h"
#include "config/model.h"

namespace tailrace {

std::unique_ptr<BackendTransport> MakeGrpcTransport(const config::OtlpExporterConfig& config, const Clock& clock);

}  // namespace tailrace

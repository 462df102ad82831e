// BackendTransport over HTTP, with libcurl. A payload is sent from where it lies; compression and JSON make a copy.
#pragma once

#include <memory>

#include "base/clock.h"
#include "collector/exporters/backend_transport.h"
#include "config/model.h"

namespace tailrace {

std::unique_ptr<BackendTransport> MakeHttpTransport(const config::OtlpHttpExporterConfig& config, const Clock& clock);

}  // namespace tailrace

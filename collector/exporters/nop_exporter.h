// `nop`: takes everything and keeps nothing. For benches, and for pipelines that are only counted.
#pragma once

#include <memory>

#include "collector/exporters/exporter.h"
#include "config/model.h"

namespace tailrace {

std::unique_ptr<Exporter> MakeNopExporter(const config::NopExporterConfig& config);

}  // namespace tailrace

// service::pipelines: which of the defined components run, in which order, joined by index in the Config.
#pragma once

#include "config/catalog.h"
#include "config/model.h"
#include "config/node.h"
#include "config/report.h"

namespace tailrace::config {

// Reads the pipelines and moves what they use into the config. `memory_limit_bytes`: the least of the memory_limiters
// that a pipeline names, 0 without one.
void ReadPipelines(const Node& pipelines, const Scope& scope, Catalog* catalog, Config* config,
                   uint64_t* memory_limit_bytes);

}  // namespace tailrace::config

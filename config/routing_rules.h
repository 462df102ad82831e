// What must hold of the pipelines around connectors that route: each span is routed once, and what is sampled are whole
// traces. And where exporters that route may find this process itself.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "config/catalog.h"
#include "config/model.h"
#include "config/report.h"

namespace tailrace::config {

// A connector that some pipeline uses, and its index in Config::exporters.
using UsedRouter = std::pair<const Defined*, uint32_t>;

// After the last pipeline.
void CheckRouting(const std::vector<UsedRouter>& connectors, const Scope& scope, Config* config);

}  // namespace tailrace::config

// A batch taken apart by the owners of its spans, and batches put together. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "collector/exporters/balancing/routing_keys.h"
#include "collector/exporters/balancing/routing_table.h"
#include "collector/exporters/exporter.h"

namespace tailrace {

struct OwnedBatch {
  uint32_t owner = 0;
  ExportBatch batch;
};

// One batch for each owner of some of its spans; the batch itself where all have one owner. None: it is no OTLP.
std::optional<std::vector<OwnedBatch>> SplitByOwner(const ExportBatch& batch, const RoutingTable& table,
                                                    const RoutingKeys& keys);

// One batch with the spans of all of them, in their order; some, of equal hops. What is routed again and again would
// otherwise become ever more and smaller batches, and each takes a place of a queue.
ExportBatch Together(std::vector<ExportBatch> batches);

}  // namespace tailrace

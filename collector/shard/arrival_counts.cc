#include "collector/shard/arrival_counts.h"

#include "collector/spanmetrics/span_counter.h"

namespace tailrace {

void ArrivalCounts::Count(std::string_view request, const ScannedRequest& scanned, uint32_t receiver, int64_t now_ns) {
  baselines_.Count(request, scanned, now_ns);
  if (receiver >= connectors_.size()) return;
  for (SpanCounter* counter : connectors_[receiver]) counter->Count(request, scanned, now_ns);
}

}  // namespace tailrace

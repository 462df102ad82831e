// The ledger: where every accepted span is, for each exporter. Beside the straight line: computed from a snapshot, for
// /metrics and for the words printed at stop. Pure; any thread.
//
//   accepted + recovered = forwarded + kept here + dropped by policy + sum of dropped{reason}
//            + in ring + in table + in open batch + handing over + queued + in flight + residual
//
// An exporter's terms are sums over the pipelines that list it. The residual is zero in a right program, at every
// moment. It relies on the order of the snapshot: exporters are asked first and shards after, so what the shards handed
// over meanwhile shows as 'handing over' and never as a lack.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "collector/telemetry/snapshot.h"

namespace tailrace {

// In spans.
struct LedgerLine {
  std::string exporter;
  uint64_t accepted = 0;
  uint64_t recovered = 0;  // were in the exporter's storage when the daemon started
  uint64_t forwarded = 0;
  uint64_t own = 0;  // a connector that routes: left with the pipelines of this process, which have lines of their own
  uint64_t dropped_by_policy = 0;
  DropCounts dropped{};  // by the exporter and by its pipelines
  uint64_t in_ring = 0;
  uint64_t in_table = 0;
  uint64_t in_open_batch = 0;
  // Handed over by the pipelines less what the exporter has received. Were it negative, the exporter would have
  // received what nobody gave it: then this is 0 and the difference is part of the residual.
  uint64_t in_flight_to_exporter = 0;
  uint64_t queued = 0;
  uint64_t in_flight = 0;
  int64_t residual = 0;

  uint64_t dropped_total() const;
};

// One line for each exporter of the snapshot, in its order.
std::vector<LedgerLine> ComputeLedger(const DaemonSnapshot& snapshot);

// One block for each exporter, aligned; terms that are zero are left out but for the first three and the residual.
std::string FormatLedger(const std::vector<LedgerLine>& ledger);

}  // namespace tailrace

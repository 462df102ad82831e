// BaselineReport: what the shards counted in some windows, added up: for each operation its calls, errors, time and
// quantiles, those that take the most time first. Made on the thread of whoever asks.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "collector/baselines/baseline_table.h"
#include "collector/telemetry/snapshot.h"

namespace tailrace {

struct BaselineRow {
  OperationName name;
  OperationTotals totals;
  double p50_ns = 0, p95_ns = 0, p99_ns = 0;
};

struct BaselineReport {
  std::vector<BaselineRow> rows;
  uint64_t overflow_calls = 0;  // of operations that had no row
  uint64_t missed = 0;          // calls whose durations are in no quantile
  bool exact = true;
  std::vector<ServiceEstimate> estimates;  // of all pipelines that sample; see EstimateTable
};

// The windows that an answer covers: those that overlap the `window_s` seconds that ended `ago_s` seconds before now.
struct BaselineRange {
  int64_t from = 0;  // numbers of windows, both included
  int64_t to = 0;
  int64_t seconds = 0;  // that they cover, from `begun_ns` on and up to now
};
BaselineRange WindowsOf(int64_t now_ns, int64_t window_s, int64_t ago_s, int64_t begun_ns = 0);

// Asks one shard, a window at a time, so that its sockets are not kept waiting. `on_shard` runs work on the shard's
// thread and waits for its end.
ShardBaselines CopyOf(const BaselineTable& table, const BaselineRange& range,
                      const std::function<void(const std::function<void()>&)>& on_shard);

// `shards`: copies of the same windows.
BaselineReport AddUp(const std::vector<ShardBaselines>& shards);

}  // namespace tailrace

// The arithmetic of `tailrace size`: what a traffic needs in memory, processors and network, and on how many machines.
//
// Memory is not estimated apart from the daemon: the least budget is searched for with which PlanMemory, the daemon's
// own sum, has room for the traffic. What is assumed of the traffic stands here as constants. Pure; any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "collector/shard/memory_plan.h"
#include "config/model.h"

namespace tailrace {

// Spans that one processor carries for a second, as docs/BENCHMARKS.md has it measured; half of it is planned with.
inline constexpr double kSpansPerCpuPlain = 3.4e6;
inline constexpr double kSpansPerCpuGzip = 2.4e6;
inline constexpr double kCpuShare = 0.5;
// By storage_compression, in its order: what is left of the spans that wait, and what that costs of a processor for
// each.
struct StorageCost {
  const char* word;
  double bytes_share;
  double seconds_per_span;
};
inline constexpr StorageCost kStorageCosts[] = {{"none", 1, 0}, {"lz4", 0.3, 0.27e-6}, {"zstd", 0.25, 1.35e-6}};
constexpr const StorageCost& CostOf(config::StorageCompression storage) {
  return kStorageCosts[static_cast<size_t>(storage)];
}
// Room above the mean, for bursts and for what falls unevenly on the shards.
inline constexpr double kReserve = 1.25;
// Requests whose bodies are being read or worked at, as seconds of traffic.
inline constexpr double kBodySeconds = 0.25;
// The process beside its budget: program, connections, what is on the wire (OPERATIONS.md).
inline constexpr uint64_t kBesideBudgetBytes = 128u << 20;
inline constexpr uint64_t kBudgetMibMin = 64;

struct Traffic {
  double spans_per_second = 0;
  uint64_t span_bytes = 500;  // on the wire, uncompressed
  std::chrono::milliseconds wait{30'000};
  double spans_per_trace = 10;
  double kept_share = 0.1;  // 0 to 1
  bool gzip = false;
  config::StorageCompression storage = config::StorageCompression::kNone;
};

struct Machine {
  uint64_t cores = 0;         // 0: as many as are needed
  uint64_t memory_bytes = 0;  // 0: as much as is needed
};

struct SizePlan {
  uint64_t instances = 1;
  // The rest is of each instance.
  double spans_per_second = 0;
  uint64_t cores = 1;
  double open_traces = 0;   // on average
  uint64_t num_traces = 0;  // with the reserve
  uint64_t span_bytes = 0;  // of open traces, with the reserve and what blocks waste
  uint64_t budget_mib = 0;
  uint64_t process_bytes = 0;  // what a container's limit must leave
  MemoryPlan memory;
  double bytes_in_per_second = 0;   // as they are on the wire before compression
  double bytes_out_per_second = 0;  // to each exporter
  double outage_seconds = 0;        // that one exporter's queue bridges
};

// Spans that one processor carries for a second at the most, with what the traffic asks for.
double SpansPerCpu(const Traffic& traffic);

// None where no number of such machines is enough: the memory of one does not hold the least that a daemon needs.
std::optional<SizePlan> PlanSize(const Traffic& traffic, const Machine& machine);

}  // namespace tailrace

#include "collector/cli/size_plan.h"

#include <algorithm>
#include <cmath>

#include "collector/shard/block_pool.h"
#include "collector/shard/span_chain.h"
#include "config/model.h"

namespace tailrace {
namespace {

constexpr uint64_t kInstancesMax = 10'000;
constexpr uint64_t kBudgetMibMax = uint64_t{1} << 24;
constexpr uint64_t kMib = uint64_t{1} << 20;

// One exporter, one tail_sampling: what most run.
MemoryPlan PlanFor(const Traffic& traffic, const SizePlan& plan, uint64_t budget_mib) {
  config::Config config;
  config.tail_samplings.emplace_back().num_traces = plan.num_traces;
  config.exporters.emplace_back();
  config.engine.shards = static_cast<uint32_t>(plan.cores);
  config.engine.memory_budget_bytes = budget_mib * kMib;
  config.engine.storage_compression = traffic.storage;
  return PlanMemory(config, 0, 1);
}

bool HasRoom(const SizePlan& plan, const MemoryPlan& memory) {
  const uint64_t shards = memory.shards;
  return memory.samplers[0].traces_max * shards >= plan.num_traces && memory.block_bytes * shards >= plan.span_bytes &&
         static_cast<double>(memory.buffer_bytes * shards) >= plan.bytes_in_per_second * kBodySeconds;
}

// A budget that has room where one MiB less has none. Arrays that double (request_runs_max) can make a hole in between.
std::optional<uint64_t> LeastBudgetMib(const Traffic& traffic, const SizePlan& plan) {
  uint64_t low = kBudgetMibMin;
  uint64_t high = kBudgetMibMax;
  if (!HasRoom(plan, PlanFor(traffic, plan, high))) return std::nullopt;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    if (HasRoom(plan, PlanFor(traffic, plan, middle))) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

// One of `instances` among which the traffic is shared evenly; its memory is what it needs.
std::optional<SizePlan> PlanInstance(const Traffic& traffic, uint64_t instances) {
  SizePlan plan;
  plan.instances = instances;
  plan.spans_per_second = traffic.spans_per_second / static_cast<double>(instances);
  plan.cores = std::max<uint64_t>(
      1, static_cast<uint64_t>(std::ceil(plan.spans_per_second / (SpansPerCpu(traffic) * kCpuShare))));
  if (plan.cores > UINT16_MAX) return std::nullopt;
  const double seconds = std::chrono::duration<double>(traffic.wait).count();
  plan.open_traces = plan.spans_per_second / traffic.spans_per_trace * seconds;
  // Each span may come by itself, with a segment's head; the last block of a trace is half empty.
  const double trace_bytes =
      traffic.spans_per_trace * (static_cast<double>(traffic.span_bytes) * CostOf(traffic.storage).bytes_share +
                                 static_cast<double>(SpanChain::kSegmentBytes)) +
      BlockPool::kBlockBytes / 2.0;
  plan.num_traces = std::max<uint64_t>(1, static_cast<uint64_t>(std::ceil(plan.open_traces * kReserve)));
  plan.span_bytes = static_cast<uint64_t>(std::ceil(plan.open_traces * trace_bytes * kReserve));
  plan.bytes_in_per_second = plan.spans_per_second * static_cast<double>(traffic.span_bytes);
  plan.bytes_out_per_second = plan.bytes_in_per_second * traffic.kept_share;
  const auto budget = LeastBudgetMib(traffic, plan);
  if (!budget.has_value()) return std::nullopt;
  plan.budget_mib = *budget;
  plan.memory = PlanFor(traffic, plan, *budget);
  plan.process_bytes = *budget * kMib + kBesideBudgetBytes;
  plan.outage_seconds =
      plan.bytes_out_per_second > 0 ? static_cast<double>(plan.memory.queue_bytes) / plan.bytes_out_per_second : 0;
  return plan;
}

bool Fits(const std::optional<SizePlan>& plan, const Machine& machine) {
  return plan.has_value() && (machine.cores == 0 || plan->cores <= machine.cores) &&
         (machine.memory_bytes == 0 || plan->process_bytes <= machine.memory_bytes);
}

}  // namespace

double SpansPerCpu(const Traffic& traffic) {
  return 1 / (1 / (traffic.gzip ? kSpansPerCpuGzip : kSpansPerCpuPlain) + CostOf(traffic.storage).seconds_per_span);
}

std::optional<SizePlan> PlanSize(const Traffic& traffic, const Machine& machine) {
  // The fewest that fit; what fits on so many fits on more.
  uint64_t low = 1;
  uint64_t high = kInstancesMax;
  if (!Fits(PlanInstance(traffic, high), machine)) return std::nullopt;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    if (Fits(PlanInstance(traffic, middle), machine)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return PlanInstance(traffic, low);
}

}  // namespace tailrace

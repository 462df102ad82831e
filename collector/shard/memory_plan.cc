#include "collector/shard/memory_plan.h"

#include <sched.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <fstream>

#include "collector/shard/arrival_counts.h"
#include "collector/shard/hand_over.h"
#include "collector/shard/trace_table.h"
#include "collector/spanmetrics/span_metrics.h"
#include "proto/request_scanner.h"

namespace tailrace {
namespace {

constexpr double kDefaultShare = 0.4;
// A record, two places in each of two queues, up to four slots in the index.
constexpr uint64_t kBytesPerTrace = sizeof(TraceRecord) + 4 * sizeof(DeadlineQueue::Entry) + 4 * 8;
constexpr uint64_t kBytesPerDecision = 8;
constexpr uint64_t kCachePerTrace = 10;
// What the arrays of a shard hold of a run: as scanned, with a header of its own, and once more as the shard's own
// part.
constexpr uint64_t kBytesPerRun = 2 * (sizeof(SpanRun) + 8 + 4) + sizeof(ScopeHeader) + 8;
constexpr uint64_t kRunsMin = 1 << 13, kRunsMax = 1 << 17;

uint32_t Share(uint64_t traces, uint32_t shards) {
  return static_cast<uint32_t>(std::clamp<uint64_t>((traces + shards - 1) / shards, 1, UINT32_MAX / 4));
}

SamplerPlan PlanSampler(const config::TailSamplingConfig& sampling, uint64_t bytes, uint32_t shards,
                        std::vector<std::string>* warnings) {
  SamplerPlan plan;
  plan.header_bytes_max = bytes / 16;
  plan.traces_max = Share(sampling.num_traces, shards);
  const uint64_t traces_bound = std::max<uint64_t>(1, bytes / 8 / kBytesPerTrace);
  if (plan.traces_max > traces_bound) {
    plan.traces_max = static_cast<uint32_t>(traces_bound);
    warnings->push_back("processors::" + sampling.id.text + "::num_traces: " + std::to_string(sampling.num_traces) +
                        " traces do not fit the memory budget; lowered to " + std::to_string(traces_bound * shards) +
                        " (see service::tailrace::memory_budget_mib)");
  }
  const auto cache = [&](uint64_t configured) {
    const uint64_t wanted = configured != 0 ? (configured + shards - 1) / shards : kCachePerTrace * plan.traces_max;
    return std::min(wanted, bytes / 32 / kBytesPerDecision);
  };
  plan.sampled_cache_size = cache(sampling.sampled_cache_size);
  plan.non_sampled_cache_size = cache(sampling.non_sampled_cache_size);
  return plan;
}

// What is counted of every span at its arrival.
void PlanArrivalCounts(const config::Config& config, uint64_t shard_bytes, MemoryPlan* plan) {
  uint64_t series_bytes = 0, baseline_bytes = 0, estimate_bytes = 0, brief_bytes = 0;
  for (const config::SpanMetricsConfig& connector : config.span_metrics) {
    const uint64_t bytes = BytesPerSeries(connector, plan->shards);
    const uint64_t room = shard_bytes / 16 / config.span_metrics.size() / bytes;
    plan->series_max.push_back(static_cast<uint32_t>(std::clamp<uint64_t>(room, 1, 10'000'000)));
    series_bytes += plan->series_max.back() * bytes;
  }
  if (config.engine.baselines.enabled) {
    plan->baselines = BaselineTable::Size(std::min(shard_bytes / 128, uint64_t{16} << 20));
    baseline_bytes = BaselineTable::Bytes(plan->baselines);
    for (SamplerPlan& sampler : plan->samplers) {
      sampler.estimates = EstimateTable::Size(shard_bytes / 512 / plan->samplers.size());
      estimate_bytes += EstimateTable::Bytes(sampler.estimates);
    }
    plan->baselines.exact_spans_per_second = config.engine.baselines.exact_spans_per_second;
  }
  if (config.engine.baselines.enabled || !config.span_metrics.empty()) {
    plan->briefs_max = std::min(plan->request_runs_max / 2, ArrivalCounts::kBriefsMax);
    brief_bytes = plan->briefs_max * sizeof(SpanBrief);
  }
  plan->terms.push_back({"spanmetrics connectors", series_bytes});
  plan->terms.push_back({"baselines", baseline_bytes});
  plan->terms.push_back({"estimates", estimate_bytes});
  plan->terms.push_back({"briefs of a request", brief_bytes});
}

}  // namespace

uint32_t AvailableProcessors() {
  uint32_t processors = 1;
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) == 0) processors = static_cast<uint32_t>(CPU_COUNT(&set));
  std::ifstream quota_file("/sys/fs/cgroup/cpu.max");
  double quota = 0, period = 0;
  if (quota_file >> quota >> period && period > 0) {
    processors = std::min(processors, static_cast<uint32_t>(std::ceil(quota / period)));
  }
  return std::max(processors, 1u);
}

MemoryPlan PlanMemory(const config::Config& config, uint64_t available_bytes, uint32_t processors) {
  MemoryPlan plan;
  plan.shards = config.engine.shards != 0 ? config.engine.shards : processors;
  plan.budget_bytes = config.engine.memory_budget_bytes != 0
                          ? config.engine.memory_budget_bytes
                          : static_cast<uint64_t>(static_cast<double>(available_bytes) * kDefaultShare);
  const uint64_t shard_bytes = plan.budget_bytes / plan.shards;
  plan.buffer_bytes = std::min(shard_bytes / 4, uint64_t{512} << 20);
  plan.queue_bytes = plan.budget_bytes / 8 / std::max<size_t>(1, config.exporters.size());
  plan.ring_slot_bytes = shard_bytes / 64 / HandOverRing::kSlots / std::max(1u, plan.shards - 1);
  // A power of two, because arrays that grow double.
  plan.request_runs_max =
      static_cast<uint32_t>(std::bit_floor(std::clamp(shard_bytes / 16 / kBytesPerRun, kRunsMin, kRunsMax)));
  const uint64_t each = shard_bytes / std::max<size_t>(1, config.tail_samplings.size());
  const uint64_t journals = std::min(config.engine.journal_bytes, plan.budget_bytes / 16) / plan.shards;
  const uint64_t dictionary_bytes =
      config.tail_samplings.size() * SpanCodec::BytesMax(config.engine.storage_compression);
  uint64_t record_bytes = 0, cache_bytes = 0, header_bytes = 0, journal_bytes = 0;
  for (const config::TailSamplingConfig& sampling : config.tail_samplings) {
    SamplerPlan& sampler = plan.samplers.emplace_back(PlanSampler(sampling, each, plan.shards, &plan.warnings));
    sampler.journal_bytes = journals / config.tail_samplings.size();
    record_bytes += sampler.traces_max * kBytesPerTrace;
    cache_bytes += (sampler.sampled_cache_size + sampler.non_sampled_cache_size) * kBytesPerDecision;
    header_bytes += sampler.header_bytes_max;
    journal_bytes += sampler.journal_bytes;
  }
  plan.terms = {{"request buffers", plan.buffer_bytes},
                {"exporters' queues", shard_bytes / 8},
                {"arrays of a request", plan.request_runs_max * kBytesPerRun},
                {"rings between shards", shard_bytes / 64},
                {"trace records and index", record_bytes},
                {"decision caches", cache_bytes},
                {"resource and scope headers", header_bytes},
                {"dictionaries", dictionary_bytes},
                {"journals", journal_bytes}};
  PlanArrivalCounts(config, shard_bytes, &plan);
  uint64_t taken = 0;
  for (const MemoryTerm& term : plan.terms) taken += term.bytes;
  plan.block_bytes = shard_bytes - std::min(shard_bytes, taken);
  plan.terms.push_back({"blocks for spans", plan.block_bytes});
  const uint64_t trace_bytes = config.engine.trace_bytes_max;
  plan.trace_bytes_max = trace_bytes != 0 ? std::min(trace_bytes, plan.block_bytes) : plan.block_bytes / 16;
  return plan;
}

}  // namespace tailrace

#include "collector/shard/memory_plan.h"

#include <gtest/gtest.h>

#include "collector/shard/hand_over.h"
#include "config/memory_total.h"

namespace tailrace {
namespace {

constexpr uint64_t kGiB = uint64_t{1} << 30;

config::Config WithTraces(std::vector<uint64_t> num_traces) {
  config::Config config;
  for (uint64_t traces : num_traces) {
    config.tail_samplings.emplace_back();
    config.tail_samplings.back().num_traces = traces;
  }
  return config;
}

TEST(MemoryPlan, TakesItsShareOfWhatThereIs) {
  const MemoryPlan plan = PlanMemory(WithTraces({50'000}), 10 * kGiB, 2);
  EXPECT_EQ(plan.shards, 2u);
  EXPECT_EQ(plan.budget_bytes, 4 * kGiB);
  EXPECT_EQ(plan.samplers[0].traces_max, 25'000u);
  EXPECT_EQ(plan.samplers[0].non_sampled_cache_size, 250'000u);
  EXPECT_TRUE(plan.warnings.empty());
  EXPECT_GT(plan.block_bytes, kGiB);
}

TEST(MemoryPlan, IsASumWithinTheBudgetWhateverIsAskedFor) {
  for (uint64_t traces : {uint64_t{1}, uint64_t{50'000}, uint64_t{5'000'000}, UINT64_MAX}) {
    for (uint32_t shards : {1u, 3u, 64u}) {
      config::Config config = WithTraces({traces, traces, 7});
      config.engine.shards = shards;
      config.engine.memory_budget_bytes = kGiB;
      const MemoryPlan plan = PlanMemory(config, 100 * kGiB, 1);
      uint64_t sum = plan.buffer_bytes + plan.block_bytes + plan.queue_bytes / shards +
                     (shards - 1) * HandOverRing::kSlots * plan.ring_slot_bytes + plan.request_runs_max * 160;
      for (const SamplerPlan& sampler : plan.samplers) {
        sum += sampler.header_bytes_max + sampler.journal_bytes + (sampler.sampled_cache_size + sampler.non_sampled_cache_size) * 8 +
               sampler.traces_max * 128;
      }
      EXPECT_LE(sum * shards, kGiB);
      uint64_t terms = 0;
      for (const MemoryTerm& term : plan.terms) terms += term.bytes;
      EXPECT_EQ(terms, kGiB / shards) << "written out, nothing is missing";
      EXPECT_GE(plan.block_bytes * shards, kGiB / 4) << "most of it is for spans";
    }
  }
}

TEST(MemoryPlan, WhatIsCountedAtArrivalHasItsTerms) {
  config::Config config = WithTraces({50'000});
  config.engine.memory_budget_bytes = kGiB;
  const uint64_t blocks = PlanMemory(config, kGiB, 1).block_bytes;
  config.span_metrics.resize(2);
  const MemoryPlan plan = PlanMemory(config, kGiB, 1);
  ASSERT_EQ(plan.series_max.size(), 2u);
  EXPECT_GT(plan.series_max[0], 10'000u);
  EXPECT_LE(plan.block_bytes, blocks - kGiB / 16 + 1'000'000);
  config.span_metrics.clear();
  config.engine.baselines.enabled = false;
  const MemoryPlan none = PlanMemory(config, kGiB, 1);
  EXPECT_EQ(none.baselines.rows, 0u);
  EXPECT_EQ(none.briefs_max, 0u);
  EXPECT_GT(none.block_bytes, blocks);
}

TEST(MemoryPlan, ARequestMayBringWhatCollectorsSendAtOnce) {
  config::Config config = WithTraces({50'000});
  config.engine.shards = 4;
  for (const uint64_t mib : {64, 512, 65536}) {
    config.engine.memory_budget_bytes = mib << 20;
    const uint32_t runs = PlanMemory(config, kGiB, 1).request_runs_max;
    EXPECT_GE(runs, 8192u) << mib << " MiB";
    EXPECT_LE(runs, 131'072u) << mib << " MiB";
  }
}

TEST(MemoryPlan, SaysWhatItLowered) {
  config::Config config = WithTraces({UINT64_MAX});
  config.engine.memory_budget_bytes = kGiB;
  EXPECT_EQ(PlanMemory(config, kGiB, 1).warnings.size(), 1u);
}

TEST(MemoryPlan, TheMachineHasMemoryAndProcessors) {
  EXPECT_GT(config::MemoryTotalBytes(), uint64_t{64} << 20);
  EXPECT_GE(AvailableProcessors(), 1u);
}

}  // namespace
}  // namespace tailrace

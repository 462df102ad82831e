// The calculator against the daemon's own sum.
#include "collector/cli/size_plan.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "collector/cli/size_text.h"

namespace tailrace {
namespace {

constexpr Traffic kTraffic = {.spans_per_second = 100'000};

TEST(SizePlan, TheDaemonHasRoomForTheTraffic) {
  for (const double spans : {1.0, 1'000.0, 100'000.0, 3'000'000.0}) {
    for (const uint64_t bytes : {uint64_t{100}, uint64_t{500}, uint64_t{20'000}}) {
      Traffic traffic = kTraffic;
      traffic.spans_per_second = spans;
      traffic.span_bytes = bytes;
      const auto plan = PlanSize(traffic, {});
      ASSERT_TRUE(plan.has_value());
      config::Config config;
      config.tail_samplings.emplace_back().num_traces = plan->num_traces;
      config.exporters.emplace_back();
      config.engine.shards = static_cast<uint32_t>(plan->cores);
      config.engine.memory_budget_bytes = plan->budget_mib << 20;
      const MemoryPlan memory = PlanMemory(config, 0, 1);
      EXPECT_TRUE(memory.warnings.empty()) << "num_traces is not lowered";
      // 30 s of it, with a quarter on top.
      EXPECT_GE(static_cast<double>(memory.block_bytes * memory.shards),
                plan->spans_per_second * static_cast<double>(bytes) * 30 * 1.25);
      EXPECT_GE(static_cast<double>(memory.samplers[0].traces_max * memory.shards),
                plan->spans_per_second / 10 * 30 * 1.25);
      if (plan->budget_mib > kBudgetMibMin) {
        config.engine.memory_budget_bytes = (plan->budget_mib - 1) << 20;
        const MemoryPlan less = PlanMemory(config, 0, 1);
        EXPECT_TRUE(less.block_bytes * less.shards < plan->span_bytes || !less.warnings.empty() ||
                    static_cast<double>(less.buffer_bytes * less.shards) < plan->bytes_in_per_second * kBodySeconds)
            << "no MiB more than that";
      }
    }
  }
}

TEST(SizePlan, TheTermsAddUpToTheBudget) {
  const auto plan = PlanSize(kTraffic, {});
  uint64_t sum = 0;
  for (const MemoryTerm& term : plan->memory.terms) sum += term.bytes * plan->memory.shards;
  EXPECT_EQ(sum, plan->budget_mib << 20);
}

TEST(SizePlan, ProcessorsAreHalfOfWhatWasMeasured) {
  Traffic traffic = {.spans_per_second = 1.7e6, .wait = std::chrono::seconds(1)};
  EXPECT_EQ(PlanSize(traffic, {})->cores, 1u);
  traffic.spans_per_second += 1;
  EXPECT_EQ(PlanSize(traffic, {})->cores, 2u);
  traffic.gzip = true;
  traffic.spans_per_second = 2.4e6 + 1;
  EXPECT_EQ(PlanSize(traffic, {})->cores, 3u);
}

TEST(SizePlan, AsFewInstancesAsTheirMemoryAndProcessorsAllow) {
  const auto one = PlanSize(kTraffic, {});
  EXPECT_EQ(one->instances, 1u);
  const Machine small = {.memory_bytes = one->process_bytes / 3};
  const auto several = PlanSize(kTraffic, small);
  ASSERT_TRUE(several.has_value());
  EXPECT_GE(several->instances, 3u);
  EXPECT_LE(several->process_bytes, small.memory_bytes);
  EXPECT_DOUBLE_EQ(several->spans_per_second, 100'000.0 / static_cast<double>(several->instances));
  EXPECT_EQ(PlanSize({.spans_per_second = 17e6, .wait = std::chrono::seconds(1)}, {.cores = 2})->instances, 5u);
}

TEST(SizePlan, SpansThatWaitCompressedNeedLessMemoryAndMoreOfAProcessor) {
  Traffic traffic = kTraffic;
  const auto plain = PlanSize(traffic, {});
  traffic.storage = config::StorageCompression::kLz4;
  const auto lz4 = PlanSize(traffic, {});
  traffic.storage = config::StorageCompression::kZstd;
  const auto zstd = PlanSize(traffic, {});
  EXPECT_LT(lz4->budget_mib, plain->budget_mib / 2);
  EXPECT_LT(zstd->budget_mib, lz4->budget_mib);
  EXPECT_TRUE(absl::StrContains(SizeConfig(traffic, *zstd), "    storage_compression: zstd\n"));
  EXPECT_TRUE(absl::StrContains(SizeText(traffic, *zstd), " x (500 x 0.25 + 8) + 512)"));
  // The daemon's own sum has the dictionaries in it.
  uint64_t sum = 0;
  for (const MemoryTerm& term : zstd->memory.terms) sum += term.bytes * zstd->memory.shards;
  EXPECT_EQ(sum, zstd->budget_mib << 20);
  traffic.spans_per_second = SpansPerCpu(traffic) * kCpuShare + 1;
  EXPECT_LT(SpansPerCpu(traffic), kSpansPerCpuPlain / 4);
  EXPECT_EQ(PlanSize(traffic, {})->cores, 2u);
}

TEST(SizePlan, TooSmallAMachineIsNoneAtAll) {
  EXPECT_FALSE(PlanSize(kTraffic, {.memory_bytes = 100u << 20}).has_value());
}

TEST(SizePlan, WhatIsKeptGoesOutAndTheQueueBridges) {
  Traffic traffic = kTraffic;
  traffic.kept_share = 0.2;
  const auto plan = PlanSize(traffic, {});
  EXPECT_DOUBLE_EQ(plan->bytes_out_per_second, 100'000 * 500 * 0.2);
  EXPECT_DOUBLE_EQ(plan->outage_seconds, static_cast<double>(plan->budget_mib << 20) / 8 / plan->bytes_out_per_second);
  traffic.kept_share = 0;
  EXPECT_EQ(PlanSize(traffic, {})->outage_seconds, 0);
}

TEST(SizeText, TheConfigurationIsOne) {
  const auto plan = PlanSize(kTraffic, {});
  const std::string text = SizeText(kTraffic, *plan);
  EXPECT_TRUE(absl::StrContains(text, SizeConfig(kTraffic, *plan)));
  for (const MemoryTerm& term : plan->memory.terms) EXPECT_TRUE(absl::StrContains(text, term.name)) << term.name;
}

}  // namespace
}  // namespace tailrace

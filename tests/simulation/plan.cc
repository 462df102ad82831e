#include "tests/simulation/plan.h"

#include <utility>

#include "collector/shard/block_pool.h"
#include "tests/simulation/sim_clock.h"

namespace tailrace::simulation {
namespace {

using Kind = Rule::Kind;

config::Duration Ticks(uint64_t ticks) { return config::Duration(static_cast<int64_t>(ticks) * SimClock::kTickNs); }

std::vector<config::PolicyConfig> AllConfigured(const std::vector<Rule>& rules) {
  std::vector<config::PolicyConfig> configs;
  for (const Rule& rule : rules) configs.push_back(Configured(rule));
  return configs;
}

// A policy that stands alone or under another one. `stateless`: span-ingest takes no other.
Rule MakeLeaf(Chance* chance, bool stateless, uint32_t* buckets) {
  Rule rule;
  switch (chance->Below(stateless ? 6 : 8)) {
    case 0:
      rule.kind = Kind::kAlways;
      break;
    case 1:
    case 2:
      rule.kind = Kind::kStatus;
      rule.a = static_cast<int64_t>(chance->OneIn(4) ? chance->Below(3) : 2);
      break;
    case 3:
      rule.kind = Kind::kLatency;
      rule.a = static_cast<int64_t>(chance->Below(400));
      if (!stateless && chance->OneIn(3)) rule.b = rule.a + static_cast<int64_t>(chance->Between(1, 400));
      break;
    case 4:
      rule.kind = Kind::kSpanCount;
      rule.a = static_cast<int64_t>(chance->Between(1, 6));
      if (!stateless && chance->OneIn(3)) rule.b = rule.a + static_cast<int64_t>(chance->Below(8));
      break;
    case 5:
      rule.kind = Kind::kTenant;
      rule.a = static_cast<int64_t>(chance->Below(4));
      rule.invert = chance->OneIn(5);
      break;
    case 6:
      rule.kind = Kind::kRate;
      rule.a = static_cast<int64_t>(chance->Between(1, 300));
      rule.b = static_cast<int64_t>(chance->OneIn(2) ? 0 : chance->Between(1, 60));
      rule.bucket = (*buckets)++;
      break;
    default:
      rule.kind = Kind::kBytes;
      rule.a = static_cast<int64_t>(chance->Between(100, 50'000));
      rule.bucket = (*buckets)++;
  }
  return rule;
}

Rule MakeRule(Chance* chance, bool stateless, uint32_t* buckets) {
  const uint64_t shape = chance->Below(10);
  if (shape > 3) return MakeLeaf(chance, stateless, buckets);
  Rule rule{.kind = shape == 0 ? Kind::kNot : shape == 1 ? Kind::kDrop : Kind::kAnd};
  const uint64_t children = rule.kind == Kind::kNot ? 1 : chance->Between(1, 2);
  for (uint64_t i = 0; i < children; ++i) rule.children.push_back(MakeLeaf(chance, stateless, buckets));
  return rule;
}

void PlanSampling(Chance* chance, PlannedPipeline* plan) {
  config::TailSamplingConfig& sampling = plan->sampling;
  sampling.decision_wait = Ticks(chance->Between(5, 600));
  if (chance->OneIn(3)) {
    sampling.decision_wait_after_root_received =
        Ticks(chance->Between(1, static_cast<uint64_t>(sampling.decision_wait.count() / SimClock::kTickNs) + 5));
  }
  sampling.drop_pending_traces_on_shutdown = chance->OneIn(4);
  sampling.sample_on_first_match = chance->OneIn(4);
  sampling.record_policy = chance->OneIn(4);
  sampling.block_on_overflow = chance->OneIn(12);
  if (chance->OneIn(5)) sampling.sampling_strategy = config::SamplingStrategy::kSpanIngest;
  if (chance->OneIn(5)) sampling.maximum_trace_size_bytes = chance->Between(200, 6'000);
  const bool stateless = sampling.sampling_strategy == config::SamplingStrategy::kSpanIngest;
  for (uint64_t i = chance->Between(1, 4); i > 0; --i) {
    plan->rules.push_back(MakeRule(chance, stateless, &plan->buckets));
    plan->rules.back().name = "policy-" + std::to_string(plan->rules.size());
  }
  sampling.policies = AllConfigured(plan->rules);

  Sampler::Options& options = plan->sampler;
  options.traces_max = static_cast<uint32_t>(chance->OneIn(3) ? chance->Between(1, 12) : chance->Between(20, 400));
  // 0: ten times traces_max. Small ones forget.
  if (chance->OneIn(2)) options.sampled_cache_size = chance->Between(1, 40);
  if (chance->OneIn(2)) options.non_sampled_cache_size = chance->Between(1, 40);
  if (chance->OneIn(4)) options.trace_spans_max = static_cast<uint32_t>(chance->Between(2, 30));
  if (chance->OneIn(4)) options.trace_blocks_max = static_cast<uint32_t>(chance->Between(1, 6));
  options.service_key = chance->Word();
  options.journal_bytes = 64 << 10;
  options.header_bytes_max = chance->OneIn(4) ? chance->Between(200, 4'000) : 1 << 20;
}

void PlanDelivery(Chance* chance, PlannedPipeline* plan) {
  plan->pipeline.batch.timeout = Ticks(chance->Between(1, 100));
  plan->sampler.batch.bytes_max = chance->OneIn(2) ? chance->Between(300, 3'000) : 64 << 10;
  plan->sampler.batch.spans_max = chance->OneIn(2) ? chance->Between(1, 40) : 8192;
  plan->exporters = chance->OneIn(4) ? 2 : 1;
  plan->queue.queue_size = chance->OneIn(2) ? chance->Between(1, 6) : 1000;
  plan->queue.num_consumers = static_cast<uint32_t>(chance->Between(1, 4));
  if (chance->OneIn(4)) plan->queue.overflow = config::QueueOverflow::kDropOldest;
  plan->queue.block_on_overflow = chance->OneIn(6);
  plan->retry.enabled = !chance->OneIn(4);
  plan->retry.initial_interval = Ticks(chance->Between(1, 50));
  plan->retry.max_interval = Ticks(chance->Between(50, 500));
  plan->retry.max_elapsed_time = Ticks(chance->OneIn(3) ? 0 : chance->Between(1, 1'000));
}

// How much memory what is compressed takes nobody can foretell: there is enough, so that nothing depends on it.
void PlanCompression(Chance* chance, Plan* plan) {
  plan->compressed = true;
  plan->block_bytes = 400'000 * BlockPool::kBlockBytes;
  for (PlannedPipeline& pipeline : plan->pipelines) {
    pipeline.sampler.storage = chance->OneIn(4) ? config::StorageCompression::kZstd : config::StorageCompression::kLz4;
    pipeline.sampler.trace_blocks_max = 0;
  }
}

void PlanTraffic(Chance* chance, PlannedTraffic* plan) {
  plan->new_trace = static_cast<uint32_t>(chance->Between(5, 60));
  plan->recent_trace = static_cast<uint32_t>(chance->Between(20, 95));
  plan->doubled = static_cast<uint32_t>(chance->OneIn(3) ? chance->Between(5, 30) : 1);
  plan->skewed = static_cast<uint32_t>(chance->OneIn(3) ? chance->Between(5, 50) : 0);
  plan->bad_span = static_cast<uint32_t>(chance->OneIn(4) ? 5 : 0);
  plan->root = static_cast<uint32_t>(chance->Between(5, 40));
  plan->error = static_cast<uint32_t>(chance->Between(1, 40));
  plan->span_bytes_max = static_cast<uint32_t>(chance->OneIn(3) ? chance->Between(500, 2'500) : 120);
  plan->request_spans_max = static_cast<uint32_t>(chance->Between(1, 14));
  plan->services = static_cast<uint32_t>(chance->Between(1, 6));
  plan->new_service_each = chance->OneIn(10);
  plan->colliding = chance->OneIn(4);
}

}  // namespace

config::PolicyConfig Configured(const Rule& rule) {
  config::PolicyConfig config{.name = rule.name};
  switch (rule.kind) {
    case Kind::kAlways:
      config.rule = config::AlwaysSampleConfig{};
      break;
    case Kind::kStatus:
      config.rule = config::StatusCodeConfig{{rule.a == 2 ? "ERROR" : rule.a == 1 ? "OK" : "UNSET"}};
      break;
    case Kind::kLatency:
      config.rule = config::LatencyConfig{rule.a, rule.b};
      break;
    case Kind::kSpanCount:
      config.rule = config::SpanCountConfig{static_cast<int32_t>(rule.a), static_cast<int32_t>(rule.b)};
      break;
    case Kind::kTenant: {
      config::StringAttributeConfig tenant{.key = "tenant", .values = {}, .invert_match = rule.invert};
      tenant.values.push_back({.text = "tenant-" + std::to_string(rule.a), .at = {}});
      config.rule = std::move(tenant);
      break;
    }
    case Kind::kRate:
      config.rule = config::RateLimitingConfig{rule.a, rule.b};
      break;
    case Kind::kBytes:
      config.rule = config::BytesLimitingConfig{rule.a, rule.b};
      break;
    case Kind::kNot:
      config.rule = config::NotConfig{AllConfigured(rule.children)};
      break;
    case Kind::kAnd:
      config.rule = config::AndConfig{AllConfigured(rule.children)};
      break;
    case Kind::kDrop:
      config.rule = config::DropConfig{AllConfigured(rule.children)};
  }
  return config;
}

Plan MakePlan(Chance* chance) {
  Plan plan;
  plan.shards = static_cast<uint32_t>(chance->Between(1, 3));
  plan.hasher.key = chance->Word();
  const uint32_t pipelines = chance->OneIn(4) ? 2 : 1;
  for (uint32_t i = 0; i < pipelines; ++i) {
    PlannedPipeline& pipeline = plan.pipelines.emplace_back();
    pipeline.samples = !chance->OneIn(12);
    PlanSampling(chance, &pipeline);
    PlanDelivery(chance, &pipeline);
  }
  plan.routes = {{0}};
  if (pipelines == 2) plan.routes = chance->OneIn(2) ? decltype(plan.routes){{0, 1}} : decltype(plan.routes){{0}, {1}};
  plan.buffer_bytes = chance->OneIn(8) ? 64 << 10 : 16 << 20;
  plan.block_bytes = (chance->OneIn(2) ? chance->Between(4, 40) : chance->Between(200, 1'000)) * BlockPool::kBlockBytes;
  PlanTraffic(chance, &plan.traffic);
  plan.steps = static_cast<uint32_t>(chance->Between(30, 160));
  if (chance->OneIn(25)) plan.burst_at = static_cast<uint32_t>(chance->Below(plan.steps));
  if (chance->OneIn(40)) {
    // More traces than are decided in one turn.
    plan.traffic.flood_traces_max = 900;
    plan.pipelines[0].sampler.traces_max = 2'000;
    plan.block_bytes = 4'000 * BlockPool::kBlockBytes;
  }
  if (chance->OneIn(6)) PlanCompression(chance, &plan);
  return plan;
}

}  // namespace tailrace::simulation

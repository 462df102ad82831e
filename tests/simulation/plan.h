// Plan: what one seed makes of a run before it begins: shards, pipelines, policies, bounds, and what the traffic is
// like. The same numbers make the daemon's parts and the reference.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/hash.h"
#include "collector/shard/sampler.h"
#include "config/model.h"
#include "tests/simulation/chance.h"

namespace tailrace::simulation {

// A policy as the reference judges by it; `Configured` makes the daemon's of it.
struct Rule {
  enum class Kind : uint8_t { kAlways, kStatus, kLatency, kSpanCount, kTenant, kRate, kBytes, kNot, kAnd, kDrop };
  Kind kind = Kind::kAlways;
  std::string name;
  int64_t a = 0;        // status code; threshold; lower bound; tenant; a second's rate
  int64_t b = 0;        // upper threshold; upper bound; burst
  bool invert = false;  // kTenant
  uint32_t bucket = 0;  // kRate, kBytes: a running number within the pipeline
  std::vector<Rule> children;
};
config::PolicyConfig Configured(const Rule& rule);

struct PlannedPipeline {
  bool samples = true;
  std::vector<Rule> rules;
  config::TailSamplingConfig sampling;
  config::PipelineConfig pipeline;
  Sampler::Options sampler;
  uint32_t buckets = 0;
  uint32_t exporters = 1;
  config::QueueConfig queue;
  config::RetryConfig retry;
};

// In percent unless the name says otherwise.
struct PlannedTraffic {
  uint32_t new_trace = 25;
  uint32_t recent_trace = 60;  // else: any that has been, mostly late
  uint32_t doubled = 3;
  uint32_t skewed = 0;
  uint32_t bad_span = 1;
  uint32_t root = 20;
  uint32_t error = 10;
  uint32_t span_bytes_max = 200;
  uint32_t request_spans_max = 8;
  uint32_t flood_traces_max = 60;
  uint32_t services = 4;
  bool new_service_each = false;  // a flood of headers
  bool colliding = false;         // ids whose hashes share the half that the index goes by
};

struct Plan {
  uint32_t shards = 1;
  TraceIdHasher hasher;
  std::vector<std::vector<uint32_t>> routes;  // by receiver
  std::vector<PlannedPipeline> pipelines;
  uint64_t buffer_bytes = 0;
  uint64_t block_bytes = 0;
  bool compressed = false;  // spans wait compressed
  PlannedTraffic traffic;
  uint32_t steps = 0;
  uint32_t burst_at = UINT32_MAX;  // the step at which more requests come at once than a ring holds
};

Plan MakePlan(Chance* chance);

}  // namespace tailrace::simulation

// Simulation: one seed, one run: shards without threads, a clock that stands still, requests, posts, timers and
// backends in an order that the seed chooses, and after each step everything that is counted or sent held against the
// reference.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "collector/shard/shard.h"
#include "tests/simulation/chance.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/reference_shard.h"
#include "tests/simulation/shard_stepper.h"
#include "tests/simulation/sim_clock.h"
#include "tests/simulation/sim_exporter.h"
#include "tests/simulation/story.h"
#include "tests/simulation/traffic.h"

namespace tailrace::simulation {

// How often a run came to the places that it is for; summed over runs to see that none is missed.
struct Reached {
  uint64_t steps = 0;
  EarlyCounts early_traces{};
  uint64_t late_spans = 0;
  uint64_t too_large_traces = 0;
  uint64_t table_full_spans = 0;
  uint64_t refused_requests = 0;
  uint64_t refused_for_rings = 0;
  uint64_t cut_turns = 0;
  uint64_t malformed_requests = 0;
  uint64_t rejected_spans = 0;
  uint64_t shutdown_spans = 0;
  uint64_t queue_full_spans = 0;
  uint64_t left_in_rings = 0;
  uint64_t kept_spans = 0;
  uint64_t dropped_traces = 0;
};

class Simulation {
 public:
  Simulation(uint64_t seed, Story* story);
  ~Simulation();

  void Run();
  // After Run().
  Reached reached() const;

 private:
  struct SimPipeline {
    std::vector<std::unique_ptr<SimExporter>> exporters;
    std::vector<std::string> exporter_names;
  };

  void MakeExporters();
  void MakeShards();
  void Step(uint32_t step);
  void Special();
  void Pass(bool long_time);
  void Take(uint32_t shard, const MadeRequest& request);
  void RunPosts(uint32_t shard);
  void FireTimer(uint32_t shard);
  void Backend();
  void Burst();
  void Stop();
  bool DrainAll();
  // After something happened on a shard: what left it, what it counts, what its timer is set to.
  void Check(uint32_t shard);
  void CheckSent(uint32_t shard);
  void CheckCounts(uint32_t shard);
  void CheckTimer(uint32_t shard);
  void CheckLedger();
  DaemonSnapshot EmptySnapshot() const;
  uint32_t AnyShard() { return static_cast<uint32_t>(chance_.Below(plan_.shards)); }
  bool HeldUp() const;

  Chance chance_;
  Story* const story_;
  const Plan plan_;
  SimClock clock_;
  Traffic traffic_;
  std::vector<SimPipeline> pipelines_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<ShardStepper> steppers_;
  std::vector<std::unique_ptr<ReferencePolicies>> policies_;
  std::vector<std::unique_ptr<ReferenceShard>> references_;
};

}  // namespace tailrace::simulation

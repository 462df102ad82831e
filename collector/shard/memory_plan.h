// MemoryPlan: the one byte budget, written as a sum. What a shard may hold:
//
//     request buffers            a quarter, 512 MiB at most     bodies being read, inflated, or handed to another shard
//   + trace records and index    num_traces of them, an eighth at most
//   + decision caches            16 bytes a remembered trace, a sixteenth at most
//   + resource/scope headers     a sixteenth at most
//   + blocks for spans           all the rest
//
// Outside the budget, and bounded by limits of their own: connections' output, the open batches (4 MiB a pipeline and
// shard), the exporters' queues, the program itself.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/model.h"

namespace tailrace {

struct SamplerPlan {
  uint32_t traces_max = 0;
  uint64_t sampled_cache_size = 0;      // traces
  uint64_t non_sampled_cache_size = 0;  // traces
  uint64_t header_bytes_max = 0;
};

// For one shard; all shards have the same.
struct MemoryPlan {
  uint32_t shards = 1;
  uint64_t budget_bytes = 0;  // of the whole process
  uint64_t buffer_bytes = 0;
  uint64_t block_bytes = 0;
  std::vector<SamplerPlan> samplers;  // by index into Config::tail_samplings
  std::vector<std::string> warnings;  // bounds that had to be lowered
};

// Processors this process may use: affinity and the cgroup's quota, at least 1.
uint32_t AvailableProcessors();

// `available_bytes` as config::MemoryTotalBytes() and `processors` as the function above say; tests pass their own.
// Without a configured budget 40 % of the available bytes are taken.
MemoryPlan PlanMemory(const config::Config& config, uint64_t available_bytes, uint32_t processors);

}  // namespace tailrace

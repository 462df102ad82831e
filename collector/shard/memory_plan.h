// MemoryPlan: the one byte budget, written as a sum. What a shard may hold:
//
//     request buffers            a quarter, 512 MiB at most     bodies being read, inflated, or handed to another shard
//   + exporters' queues          an eighth, shared evenly       batches that wait for a backend, in memory
//   + arrays of a request        a sixteenth, 22 MiB at most  what its spans are scanned into
//   + rings between shards       a sixty-fourth                 what their slots keep for the next request
//   + trace records and index    num_traces of them, an eighth at most
//   + decision caches            16 bytes a remembered trace, a sixteenth at most
//   + resource/scope headers     a sixteenth at most
//   + spanmetrics connectors     a sixteenth, shared evenly
//   + baselines                  a hundred and twenty-eighth, 16 MiB at most
//   + estimates                  a five hundred and twelfth, 256 services at most (0.6 MiB a pipeline)
//   + briefs of a request        one for every two of its runs, 512 KiB at most, where either of the two is there
//   + dictionaries               1 or 4 MiB a pipeline, where storage_compression is lz4 or zstd
//   + journals                   journal_mib, a sixteenth at most       recent decisions and their spans, for queries
//   + blocks for spans           all the rest
//
// Outside the budget, and bounded by limits of their own (64 MiB together, where bodies are of the usual sizes):
// connections' output, the open batches (4 MiB a pipeline and shard), copies of the requests that are on the wire, the
// program itself.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "collector/baselines/baseline_table.h"
#include "collector/baselines/estimate_table.h"
#include "config/model.h"

namespace tailrace {

struct SamplerPlan {
  uint32_t traces_max = 0;
  uint64_t sampled_cache_size = 0;      // traces
  uint64_t non_sampled_cache_size = 0;  // traces
  uint64_t header_bytes_max = 0;
  uint64_t journal_bytes = 0;
  EstimateTable::Options estimates;  // without its key
};

// One line of the sum above.
struct MemoryTerm {
  const char* name;
  uint64_t bytes;
};

// For one shard; all shards have the same.
struct MemoryPlan {
  uint32_t shards = 1;
  uint64_t budget_bytes = 0;  // of the whole process
  uint64_t buffer_bytes = 0;
  uint64_t queue_bytes = 0;       // of the process: for each exporter
  uint64_t ring_slot_bytes = 0;   // kept by a slot of a ring
  uint32_t request_runs_max = 0;  // pieces of traces in one request
  uint64_t block_bytes = 0;
  uint64_t trace_bytes_max = 0;       // of one trace, of the blocks
  std::vector<SamplerPlan> samplers;  // by index into Config::tail_samplings
  BaselineTable::Options baselines;   // without its key
  uint32_t briefs_max = 0;            // see ArrivalCounts
  std::vector<uint32_t> series_max;   // of all shards; by index into Config::span_metrics
  std::vector<MemoryTerm> terms;      // what one shard has of each; they add up to its part of the budget
  std::vector<std::string> warnings;  // bounds that had to be lowered
};

// Processors this process may use: affinity and the cgroup's quota, at least 1.
uint32_t AvailableProcessors();

// `available_bytes` as config::MemoryTotalBytes() and `processors` as the function above say; tests pass their own.
// Without a configured budget 40 % of the available bytes are taken.
MemoryPlan PlanMemory(const config::Config& config, uint64_t available_bytes, uint32_t processors);

}  // namespace tailrace

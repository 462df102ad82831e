// Options of a shard, and of a sampler in it, with room for what tests send.
#pragma once

#include "collector/shard/shard.h"

namespace tailrace::testing {

inline Sampler::Options SmallSampler() {
  return {.traces_max = 100'000,
          .sampled_cache_size = 0,
          .non_sampled_cache_size = 0,
          .header_bytes_max = 1 << 20,
          .batch = {4 << 20, 8192}};
}

inline Shard::Options SmallShard() {
  Shard::Options options;
  options.routes = {{0}};
  options.buffer_bytes = 64 << 20;
  options.block_bytes = 64 << 20;
  options.request_runs_max = 20'000;
  options.prefault = false;
  return options;
}

}  // namespace tailrace::testing

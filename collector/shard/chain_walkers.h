// ChainWalkers: chains that will be freed before long are walked beforehand, each by one link at a time, so that
// freeing them waits for no memory: of a table that is full the links of a trace are cold, and each names the next.
//
// Single-writer; a hint, no more: whatever becomes of a chain meanwhile, what is read is a link that once was.
#pragma once

#include <array>
#include <cstdint>

#include "collector/shard/block_pool.h"
#include "collector/shard/span_chain.h"

namespace tailrace {

class ChainWalkers {
 public:
  // In place of the walker that started longest ago.
  void Start(const BlockPool& pool, const SpanChain& chain) {
    if (chain.empty()) return;
    Walker& walker = walkers_[next_++ % walkers_.size()];
    walker = {chain.first_, chain.block_count_ - 1};
    pool.PrefetchFree(walker.block);
  }

  // Each goes on to the block whose number should have come since the last step.
  void Step(const BlockPool& pool) {
    for (Walker& walker : walkers_) {
      if (walker.left == 0) continue;
      --walker.left;
      walker.block = pool.Next(walker.block);
      if (walker.block >= pool.block_count()) {
        walker.left = 0;  // a chain that was freed meanwhile, and a link that means nothing
        continue;
      }
      pool.PrefetchFree(walker.block);
    }
  }

 private:
  struct Walker {
    uint32_t block = 0;
    uint32_t left = 0;  // blocks behind it
  };
  std::array<Walker, 32> walkers_{};
  uint32_t next_ = 0;
};

}  // namespace tailrace

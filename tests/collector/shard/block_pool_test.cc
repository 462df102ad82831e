#include "collector/shard/block_pool.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

namespace tailrace {
namespace {

constexpr uint32_t kSlab = BlockPool::kSlabBlocks;

uint64_t Bytes(uint64_t blocks) { return blocks * BlockPool::kBlockBytes; }

// A chain of blocks that the pool has just handed out.
std::vector<uint32_t> Take(BlockPool* pool, uint32_t count) {
  std::vector<uint32_t> blocks;
  while (blocks.size() < count) {
    const uint32_t block = pool->Allocate();
    if (!blocks.empty()) pool->Link(blocks.back(), block);
    blocks.push_back(block);
  }
  return blocks;
}

void Free(BlockPool* pool, const std::vector<uint32_t>& chain) {
  pool->FreeChain(chain.front(), static_cast<uint32_t>(chain.size()));
}

TEST(BlockPool, HandsOutItsLastBlockAndNoMore) {
  BlockPool pool(Bytes(3), false);
  const std::vector<uint32_t> two = Take(&pool, 2);
  const uint32_t third = pool.Allocate();
  EXPECT_NE(third, BlockPool::kNone);
  EXPECT_EQ(pool.Allocate(), BlockPool::kNone);
  EXPECT_EQ(pool.free_blocks(), 0u);
  Free(&pool, two);
  EXPECT_EQ(pool.free_blocks(), 2u);
  EXPECT_EQ(pool.Allocate(), two[0]);
  EXPECT_EQ(pool.Allocate(), two[1]);
  EXPECT_EQ(pool.Allocate(), BlockPool::kNone);
}

TEST(BlockPool, NoneToHandOut) {
  BlockPool pool(BlockPool::kBlockBytes - 1, false);
  EXPECT_EQ(pool.Allocate(), BlockPool::kNone);
}

TEST(BlockPool, WhatIsTakenTogetherLiesTogether) {
  BlockPool pool(Bytes(20 * kSlab), false);
  std::vector<std::vector<uint32_t>> traces;
  for (int i = 0; i < 320; ++i) traces.push_back(Take(&pool, 3));
  for (size_t i = 0; i < 160; ++i) Free(&pool, traces[i]);
  // Seven slabs of what came back are free as a whole.
  uint32_t apart = 0;
  uint32_t last = pool.Allocate();
  for (uint32_t i = 1; i < 7 * kSlab; ++i) {
    const uint32_t block = pool.Allocate();
    apart += block != last + 1;
    last = block;
  }
  EXPECT_LE(apart, 7u);
  EXPECT_EQ(pool.touched_blocks(), 15 * kSlab);
}

TEST(BlockPool, ManySlabsInPartAreUsedBeforeFreshMemory) {
  BlockPool pool(Bytes(1000 * kSlab), false);
  std::vector<uint32_t> single;
  for (uint32_t i = 0; i < 100 * kSlab; ++i) single.push_back(pool.Allocate());
  // One block of each slab stays, as one slow trace among quick ones does.
  for (uint32_t i = 0; i < single.size(); ++i) {
    if (i % kSlab != 17) pool.FreeChain(single[i], 1);
  }
  const uint32_t touched = pool.touched_blocks();
  std::set<uint32_t> taken;
  for (uint32_t i = 0; i < 90 * (kSlab - 1); ++i) taken.insert(pool.Allocate());
  EXPECT_EQ(taken.size(), 90 * (kSlab - 1));
  EXPECT_LE(pool.touched_blocks(), touched + pool.used_blocks() / 8);
}

TEST(BlockPool, EveryBlockIsInOnePlaceWhateverComesBackWhen) {
  std::mt19937 random(11);
  for (const uint64_t count : {1u, 63u, 64u, 65u, 1000u}) {
    BlockPool pool(Bytes(count), false);
    std::vector<bool> taken(count);
    std::vector<std::vector<uint32_t>> chains;
    uint32_t used = 0;
    for (int step = 0; step < 20'000; ++step) {
      const bool fill = (step / 500) % 2 == 0;
      const uint32_t size = 1 + random() % 7;
      if ((random() % 4 != 0) == fill && pool.free_blocks() >= size) {
        chains.push_back(Take(&pool, size));
        for (const uint32_t block : chains.back()) {
          ASSERT_LT(block, count);
          ASSERT_FALSE(taken[block]) << "handed out twice";
          taken[block] = true;
        }
        used += size;
      } else if (!chains.empty()) {
        std::swap(chains[random() % chains.size()], chains.back());
        Free(&pool, chains.back());
        for (const uint32_t block : chains.back()) taken[block] = false;
        used -= static_cast<uint32_t>(chains.back().size());
        chains.pop_back();
      }
      ASSERT_EQ(pool.used_blocks(), used);
    }
    while (pool.free_blocks() > 0) ASSERT_NE(pool.Allocate(), BlockPool::kNone) << "a free block was lost";
    EXPECT_EQ(pool.Allocate(), BlockPool::kNone);
  }
}

TEST(BlockPool, WorksWithItsHelperThread) {
  BlockPool pool(uint64_t{64} << 20, true);
  std::vector<uint32_t> blocks;
  for (uint32_t block = pool.Allocate(); block != BlockPool::kNone; block = pool.Allocate()) {
    pool.Data(block)[0] = 'x';
    blocks.push_back(block);
  }
  EXPECT_EQ(blocks.size(), (uint64_t{64} << 20) / BlockPool::kBlockBytes);
}

}  // namespace
}  // namespace tailrace

#include "collector/shard/span_chain.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

namespace tailrace {
namespace {

constexpr uint64_t kPoolBytes = 1 << 20;

using Segments = std::vector<std::pair<uint32_t, std::string>>;

Segments Read(const BlockPool& pool, const SpanChain& chain) {
  Segments segments;
  SpanSegment segment;
  for (SpanChainReader reader(pool, chain); reader.Next(&segment);) {
    std::string bytes(segment.size, '\0');
    reader.CopyTo(bytes.data(), segment.size);
    segments.emplace_back(segment.header, bytes);
  }
  return segments;
}

TEST(SpanChain, GivesBackWhatWasAppendedWhateverTheSizes) {
  std::mt19937 random(7);
  BlockPool pool(kPoolBytes, false);
  for (int round = 0; round < 300; ++round) {
    SpanChain chain;
    Segments expected;
    for (uint32_t i = random() % 12; i > 0; --i) {
      // Sizes about a block's border are the ones that go wrong.
      const uint32_t size = random() % 3 == 0 ? BlockPool::kBlockBytes - 24 + random() % 48 : 1 + random() % 3000;
      expected.emplace_back(random() % 5, std::string(size, static_cast<char>('a' + random() % 26)));
      ASSERT_GE(pool.free_blocks(), SpanChain::BlocksFor(size));
      chain.Append(&pool, expected.back().first, expected.back().second);
    }
    EXPECT_EQ(Read(pool, chain), expected);
    EXPECT_EQ(pool.used_blocks(), chain.block_count());
    chain.Free(&pool);
    EXPECT_EQ(pool.used_blocks(), 0u);
  }
}

TEST(SpanChain, NeedsNoMoreBlocksThanItSays) {
  BlockPool pool(kPoolBytes, false);
  for (uint32_t size = 1; size < 5000; ++size) {
    SpanChain chain;
    chain.Append(&pool, 0, std::string(1015, 'x'));  // leaves no place for a segment's eight bytes
    const uint32_t before = pool.used_blocks();
    chain.Append(&pool, 0, std::string(size, 'y'));
    ASSERT_LE(pool.used_blocks() - before, SpanChain::BlocksFor(size)) << size;
    chain.Free(&pool);
  }
}

TEST(BlockPool, HandsOutItsLastBlockAndNoMore) {
  BlockPool pool(3 * BlockPool::kBlockBytes, false);
  const uint32_t a = pool.Allocate(), b = pool.Allocate(), c = pool.Allocate();
  EXPECT_EQ(pool.Allocate(), BlockPool::kNone);
  EXPECT_EQ(pool.free_blocks(), 0u);
  pool.Link(a, b);
  pool.FreeChain(a, b, 2);
  EXPECT_EQ(pool.free_blocks(), 2u);
  EXPECT_EQ(pool.Allocate(), a) << "last in, first out";
  EXPECT_EQ(pool.Allocate(), b);
  EXPECT_EQ(pool.Allocate(), BlockPool::kNone);
  EXPECT_NE(c, BlockPool::kNone);
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

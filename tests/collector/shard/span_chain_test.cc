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

}  // namespace
}  // namespace tailrace

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

std::string RandomBytes(std::mt19937* random, uint32_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>((*random)());
  return bytes;
}

// Sizes about a block's border are the ones that go wrong; many blocks may lie side by side.
uint32_t RandomSize(std::mt19937* random) {
  switch ((*random)() % 4) {
    case 0:
      return BlockPool::kBlockBytes - 24 + (*random)() % 48;
    case 1:
      return 1 + (*random)() % 20'000;
    default:
      return 1 + (*random)() % 3000;
  }
}

TEST(SpanChain, GivesBackWhatWasAppendedWhateverTheSizes) {
  std::mt19937 random(7);
  BlockPool pool(kPoolBytes, false);
  // Several chains that grow in turns and end in any order: some of their blocks lie side by side, others do not.
  std::vector<SpanChain> chains(8);
  std::vector<Segments> expected(chains.size());
  for (int step = 0; step < 4000; ++step) {
    const size_t at = random() % chains.size();
    if (random() % 6 == 0) {
      ASSERT_EQ(Read(pool, chains[at]), expected[at]);
      chains[at].Free(&pool);
      expected[at].clear();
      continue;
    }
    const std::string bytes = RandomBytes(&random, RandomSize(&random));
    if (pool.free_blocks() < SpanChain::BlocksFor(static_cast<uint32_t>(bytes.size()))) continue;
    expected[at].emplace_back(random() % 5, bytes);
    chains[at].Append(&pool, expected[at].back().first, bytes);
  }
  uint32_t used = 0;
  for (const SpanChain& chain : chains) used += chain.block_count();
  EXPECT_EQ(pool.used_blocks(), used);
  for (size_t at = 0; at < chains.size(); ++at) {
    EXPECT_EQ(Read(pool, chains[at]), expected[at]);
    chains[at].Free(&pool);
  }
  EXPECT_EQ(pool.used_blocks(), 0u);
}

// The pieces in which a chain's only segment lies.
std::vector<std::string> Pieces(const BlockPool& pool, const SpanChain& chain) {
  std::vector<std::string> pieces;
  SpanSegment segment;
  SpanChainReader reader(pool, chain);
  EXPECT_TRUE(reader.Next(&segment));
  while (segment.size > 0) {
    pieces.emplace_back(reader.Piece(segment.size));
    segment.size -= static_cast<uint32_t>(pieces.back().size());
  }
  EXPECT_FALSE(reader.Next(&segment));
  return pieces;
}

TEST(SpanChain, BlocksSideBySideAreOnePiece) {
  std::mt19937 random(8);
  BlockPool pool(kPoolBytes, false);
  SpanChain chain;
  const std::string bytes = RandomBytes(&random, 3000);
  chain.Append(&pool, 0, bytes);
  EXPECT_EQ(Pieces(pool, chain), std::vector<std::string>{bytes});

  SpanChain other;
  SpanChain divided;
  constexpr uint32_t kFirst = BlockPool::kBlockBytes - SpanChain::kSegmentBytes;
  divided.Append(&pool, 0, std::string(kFirst, 'a'));
  other.Append(&pool, 0, "between");
  divided.Append(&pool, 0, std::string(700, 'b'));
  SpanSegment segment;
  SpanChainReader reader(pool, divided);
  ASSERT_TRUE(reader.Next(&segment));
  EXPECT_EQ(reader.Piece(segment.size), std::string(kFirst, 'a'));
  ASSERT_TRUE(reader.Next(&segment));
  EXPECT_EQ(reader.Piece(segment.size), std::string(700, 'b'));

  SpanChain large;
  const std::string much = RandomBytes(&random, 20'000);
  large.Append(&pool, 0, much);
  std::string joined;
  for (const std::string& piece : Pieces(pool, large)) {
    EXPECT_LE(piece.size(), 5'000u) << "all of a piece is prefetched";
    joined += piece;
  }
  EXPECT_EQ(joined, much);
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

#include "base/hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <set>
#include <string>

namespace tailrace {
namespace {

// Vectors from the FNV authors' test suite (test_fnv.c).
TEST(Fnv1a64, KnownVectors) {
  EXPECT_EQ(Fnv1a64(""), 0xcbf29ce484222325u);
  EXPECT_EQ(Fnv1a64("a"), 0xaf63dc4c8601ec8cu);
  EXPECT_EQ(Fnv1a64("b"), 0xaf63df4c8601f1a5u);
  EXPECT_EQ(Fnv1a64("foobar"), 0x85944171f73967e8u);
}

TEST(Fnv1a64, ContinuesFromAState) { EXPECT_EQ(Fnv1a64("bar", Fnv1a64("foo")), Fnv1a64("foobar")); }

TEST(Fnv1a64, BytesAboveAsciiAreUnsigned) { EXPECT_EQ(Fnv1a64("\xff"), (kFnv1aStart ^ 0xffu) * 1099511628211u); }

// The counts of 65536 hashes in 256 buckets, by their lowest and by their highest byte, lie near 256 each. For an even
// spread the standard deviation is 16; seven of them is far beyond chance and far below what a bad hash shows.
class Spread {
 public:
  void Add(uint64_t hash) {
    ++low_[hash & 255];
    ++high_[hash >> 56];
  }
  void ExpectEven() const {
    for (const auto& counts : {low_, high_}) {
      EXPECT_GT(*std::min_element(counts.begin(), counts.end()), 256 - 7 * 16);
      EXPECT_LT(*std::max_element(counts.begin(), counts.end()), 256 + 7 * 16);
    }
  }

 private:
  std::array<int, 256> low_{};
  std::array<int, 256> high_{};
};

TEST(HashBytes, SpreadsTextsThatDifferLittle) {
  Spread spread;
  std::set<uint64_t> seen;
  for (int i = 0; i < 65536; ++i) {
    const uint64_t hash = HashBytes("service.instance.id=" + std::to_string(i), 1);
    spread.Add(hash);
    seen.insert(hash);
  }
  spread.ExpectEven();
  EXPECT_EQ(seen.size(), 65536u);
}

TEST(HashBytes, LengthCountsEvenWhereTheBytesAreZero) {
  std::set<uint64_t> seen;
  for (size_t length = 0; length <= 100; ++length) seen.insert(HashBytes(std::string(length, '\0'), 1));
  EXPECT_EQ(seen.size(), 101u);
}

TEST(HashBytes, EveryByteAndTheirOrderCount) {
  const std::string text = "the quick brown fox jumps over the lazy dog";  // 43 bytes: two blocks and a tail
  std::set<uint64_t> seen{HashBytes(text, 1)};
  for (size_t i = 0; i < text.size(); ++i) {
    std::string other = text;
    other[i] ^= 1;
    seen.insert(HashBytes(other, 1));
  }
  seen.insert(HashBytes(text.substr(16, 16) + text.substr(0, 16) + text.substr(32), 1));
  EXPECT_EQ(seen.size(), text.size() + 2);
}

TEST(HashBytes, SeedChangesTheHash) { EXPECT_NE(HashBytes("abc", 1), HashBytes("abc", 2)); }

TEST(HashBytes, DoesNotDependOnAlignment) {
  const std::string text = "xxxxxxxthe quick brown fox jumps";
  for (size_t offset = 0; offset < 8; ++offset) {
    const std::string shifted = std::string(offset, '-') + text;
    EXPECT_EQ(HashBytes(std::string_view(shifted).substr(offset), 1), HashBytes(text, 1));
  }
}

TraceId CountingId(uint64_t low, uint64_t high) {
  const uint64_t words[2] = {low, high};
  return TraceId::FromBytes(words);
}

TEST(TraceIdHasher, SpreadsIdsThatOnlyCountUp) {
  Spread in_low;
  Spread in_high;
  for (uint64_t i = 1; i <= 65536; ++i) {
    in_low.Add(TraceIdHasher()(CountingId(i, 0)));
    in_high.Add(TraceIdHasher()(CountingId(0, i)));
  }
  in_low.ExpectEven();
  in_high.ExpectEven();
}

TEST(TraceIdHasher, KeyChangesTheOrder) {
  int same = 0;
  for (uint64_t i = 1; i <= 1000; ++i) {
    const TraceId id = CountingId(i, ~i);
    if ((TraceIdHasher{1}(id)&255) == (TraceIdHasher{2}(id)&255)) ++same;
  }
  EXPECT_LT(same, 50);  // 4 by chance
}

}  // namespace
}  // namespace tailrace

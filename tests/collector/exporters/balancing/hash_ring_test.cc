// The ring against the Collector's: ring_golden.txt holds what that one answered (tests/interop/routing/ring.py).
#include "collector/exporters/balancing/hash_ring.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "collector/exporters/balancing/routing_table.h"

namespace tailrace {
namespace {

// The numbers 1, 2, 3, ... through splitmix64; two make an id, big-endian.
class Ids {
 public:
  TraceId Next() {
    TraceId id;
    Put(&id.bytes[0]);
    Put(&id.bytes[8]);
    return id;
  }

 private:
  void Put(uint8_t* to) {
    uint64_t z = ++n_ * 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    z ^= z >> 31;
    for (int i = 0; i < 8; ++i) to[i] = static_cast<uint8_t>(z >> (56 - 8 * i));
  }
  uint64_t n_ = 0;
};

template <typename T>
std::vector<T> Words(const std::string& line) {
  std::istringstream words(line);
  return {std::istream_iterator<T>(words), {}};
}

TEST(HashRing, GivesEveryIdToTheMemberThatTheCollectorGivesItTo) {
  std::ifstream golden(TAILRACE_SOURCE_DIR "/tests/collector/exporters/balancing/ring_golden.txt");
  int lists = 0;
  for (std::string names_line, owners_line; std::getline(golden, names_line) && std::getline(golden, owners_line);) {
    const auto names = Words<std::string>(names_line);
    const auto expected = Words<uint32_t>(owners_line);
    ASSERT_EQ(expected.size(), 600u);
    const HashRing ring(names);
    Ids ids;
    for (const uint32_t owner : expected) ASSERT_EQ(ring.OwnerOf(ids.Next().view()), owner) << names_line;
    ++lists;
  }
  EXPECT_EQ(lists, 10);
}

TEST(HashRing, TheOrderOfTheNamesDoesNotMatter) {
  const std::vector<std::string> one = {"a", "b", "c"}, other = {"c", "a", "b"};
  const HashRing ring(one), same(other);
  Ids ids;
  for (int i = 0; i < 1000; ++i) {
    const TraceId id = ids.Next();
    EXPECT_EQ(one[ring.OwnerOf(id.view())], other[same.OwnerOf(id.view())]);
  }
}

TEST(HashRing, MembersShareEvenlyAndOneMoreTakesItsShareOnly) {
  std::vector<std::string> names;
  for (int i = 1; i <= 10; ++i) names.push_back("10.0.0." + std::to_string(i) + ":4317");
  const HashRing before(names);
  names.push_back("10.0.0.11:4317");
  const HashRing after(names);
  Ids ids;
  std::map<uint32_t, int> shares;
  int moved = 0;
  constexpr int kIds = 100'000;
  for (int i = 0; i < kIds; ++i) {
    const TraceId id = ids.Next();
    ++shares[before.OwnerOf(id.view())];
    if (before.OwnerOf(id.view()) != after.OwnerOf(id.view())) ++moved;
  }
  for (const auto& [member, share] : shares) EXPECT_NEAR(share, kIds / 10, kIds / 25) << member;
  EXPECT_NEAR(moved, kIds / 11, kIds / 40);
}

TEST(HashRing, ThousandsOfMembersFillTheRing) {
  std::vector<std::string> names;
  for (int i = 0; i < 4096; ++i) names.push_back("host-" + std::to_string(i));
  const HashRing ring(names);
  Ids ids;
  for (int i = 0; i < 10'000; ++i) EXPECT_LT(ring.OwnerOf(ids.Next().view()), 4096u);
}

TEST(RoutingTable, NamesOfOneAddressAreOneMember) {
  const RoutingTable table({"a", "a:4317", "b", "[::1]", "::1"}, 7);
  EXPECT_EQ(table.generation(), 7u);
  EXPECT_EQ(table.addresses(), (std::vector<std::string>{"a:4317", "b:4317", "[::1]:4317"}));
  Ids ids;
  std::map<uint32_t, int> shares;
  for (int i = 0; i < 10'000; ++i) ++shares[table.OwnerOf(ids.Next())];
  // Each name has its share of the ring.
  EXPECT_NEAR(shares[0], 4000, 800);
  EXPECT_NEAR(shares[1], 2000, 600);
  EXPECT_NEAR(shares[2], 4000, 800);
}

}  // namespace
}  // namespace tailrace

// HashRing: which member of a list gets what hashes to a key. The ring of the Collector's load-balancing exporter
// (0.161), position by position, so that routers of both kinds may stand in front of the same members: 131071 places,
// 200 points a member at crc32(name, point as four bytes, little-endian), a taken place moves a point up to ten places
// on, a point that finds none is left out, and a key belongs to the first point at or after crc32(key).
//
// Immutable; any thread. 262 KB: a place a key may hash to is one look.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tailrace {

class HashRing {
 public:
  static constexpr uint32_t kPlaces = 131071;
  static constexpr uint32_t kPointsPerMember = 200;
  static constexpr uint32_t kMembersMax = 65535;

  // Names as the resolver gave them: at least one and kMembersMax at most, in any order, a name may come twice.
  explicit HashRing(const std::vector<std::string>& names);

  // The index into `names` of the owner of a key: the 16 bytes of a trace id, or a text made of attributes.
  uint32_t OwnerOf(std::string_view key) const { return owners_[Crc32(key) % kPlaces]; }

  // CRC-32 (IEEE 802.3, as in gzip), continued from the CRC of what stands before.
  static uint32_t Crc32(std::string_view bytes, uint32_t before = 0);

 private:
  std::vector<uint16_t> owners_;  // by place
};

}  // namespace tailrace

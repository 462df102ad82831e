#include "collector/exporters/balancing/hash_ring.h"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <memory>
#include <tuple>

namespace tailrace {
namespace {

constexpr uint32_t kProbes = 10;

struct Point {
  uint32_t place;
  uint32_t hash;
  uint16_t member;
};

std::array<char, 4> LittleEndian(uint32_t number) {
  return {static_cast<char>(number), static_cast<char>(number >> 8), static_cast<char>(number >> 16),
          static_cast<char>(number >> 24)};
}

// In the order in which they take their places.
std::vector<Point> PointsOf(const std::vector<std::string>& names) {
  std::vector<Point> points;
  points.reserve(names.size() * HashRing::kPointsPerMember);
  for (uint32_t member = 0; member < names.size(); ++member) {
    const uint32_t of_name = HashRing::Crc32(names[member]);
    for (uint32_t i = 0; i < HashRing::kPointsPerMember; ++i) {
      const std::array<char, 4> number = LittleEndian(i);
      const uint32_t hash = HashRing::Crc32({number.data(), number.size()}, of_name);
      points.push_back({hash % HashRing::kPlaces, hash, static_cast<uint16_t>(member)});
    }
  }
  std::sort(points.begin(), points.end(), [&names](const Point& a, const Point& b) {
    return std::tie(a.place, a.hash, names[a.member]) < std::tie(b.place, b.hash, names[b.member]);
  });
  return points;
}

}  // namespace

uint32_t HashRing::Crc32(std::string_view bytes, uint32_t before) {
  return libdeflate_crc32(before, bytes.data(), bytes.size());
}

HashRing::HashRing(const std::vector<std::string>& names) : owners_(kPlaces) {
  const auto taken = std::make_unique<std::bitset<kPlaces>>();
  for (const Point& point : PointsOf(names)) {
    for (uint32_t probe = 0; probe < kProbes; ++probe) {
      const uint32_t place = (point.place + probe) % kPlaces;
      if (taken->test(place)) continue;
      taken->set(place);
      owners_[place] = point.member;
      break;
    }
  }
  // What lies between two points is the later one's; what lies after the last, the first one's.
  uint32_t place = 0;
  while (!taken->test(place)) ++place;
  uint16_t owner = owners_[place];
  for (place = kPlaces; place-- > 0;) {
    if (taken->test(place)) owner = owners_[place];
    owners_[place] = owner;
  }
}

}  // namespace tailrace

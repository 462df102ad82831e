// MurmurHash3 with seed 0, its 32-bit form and the 128-bit one for 64-bit machines. Little-endian machines only. Pure.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tailrace::ottl {

inline uint32_t Murmur3(std::string_view text) {
  constexpr uint32_t kFirst = 0xcc9e2d51;
  constexpr uint32_t kSecond = 0x1b873593;
  uint32_t hash = 0;
  const auto mixed = [](uint32_t block) { return std::rotl(block * kFirst, 15) * kSecond; };
  size_t at = 0;
  for (; at + 4 <= text.size(); at += 4) {
    uint32_t block;
    std::memcpy(&block, text.data() + at, 4);
    hash = std::rotl(hash ^ mixed(block), 13) * 5 + 0xe6546b64;
  }
  if (at < text.size()) {
    uint32_t rest = 0;
    std::memcpy(&rest, text.data() + at, text.size() - at);
    hash ^= mixed(rest);
  }
  hash ^= static_cast<uint32_t>(text.size());
  hash = (hash ^ hash >> 16) * 0x85ebca6b;
  hash = (hash ^ hash >> 13) * 0xc2b2ae35;
  return hash ^ hash >> 16;
}

struct Murmur3Pair {
  uint64_t first = 0;
  uint64_t second = 0;
};

inline Murmur3Pair Murmur3Of128(std::string_view text) {
  constexpr uint64_t kFirst = 0x87c37b91114253d5;
  constexpr uint64_t kSecond = 0x4cf5ad432745937f;
  Murmur3Pair hash;
  const auto mixed_first = [](uint64_t block) { return std::rotl(block * kFirst, 31) * kSecond; };
  const auto mixed_second = [](uint64_t block) { return std::rotl(block * kSecond, 33) * kFirst; };
  size_t at = 0;
  for (; at + 16 <= text.size(); at += 16) {
    uint64_t blocks[2];
    std::memcpy(blocks, text.data() + at, 16);
    hash.first = (std::rotl(hash.first ^ mixed_first(blocks[0]), 27) + hash.second) * 5 + 0x52dce729;
    hash.second = (std::rotl(hash.second ^ mixed_second(blocks[1]), 31) + hash.first) * 5 + 0x38495ab5;
  }
  uint64_t rest[2] = {};
  std::memcpy(rest, text.data() + at, text.size() - at);
  hash.second ^= mixed_second(rest[1]);
  hash.first ^= mixed_first(rest[0]);
  hash.first ^= text.size();
  hash.second ^= text.size();
  hash.first += hash.second;
  hash.second += hash.first;
  const auto final_mix = [](uint64_t value) {
    value = (value ^ value >> 33) * 0xff51afd7ed558ccd;
    value = (value ^ value >> 33) * 0xc4ceb9fe1a85ec53;
    return value ^ value >> 33;
  };
  hash.first = final_mix(hash.first);
  hash.second = final_mix(hash.second);
  hash.first += hash.second;
  hash.second += hash.first;
  return hash;
}

}  // namespace tailrace::ottl

// Hashes that the data path and the policies share. Pure functions.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/trace_id.h"

namespace tailrace {

// FNV-1a over `data`, continued from `state`. The Collector's `probabilistic` policy is defined on it.
inline constexpr uint64_t kFnv1aStart = 14695981039346656037ULL;
inline uint64_t Fnv1a64(std::string_view data, uint64_t state = kFnv1aStart) {
  for (char c : data) state = (state ^ static_cast<uint8_t>(c)) * 1099511628211ULL;
  return state;
}

__extension__ typedef unsigned __int128 Uint128;

// 64x64 -> 128 bit multiply, both halves folded together: the mixing step of wyhash.
inline uint64_t MultiplyFold(uint64_t a, uint64_t b) {
  const Uint128 product = static_cast<Uint128>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

// Keyed hash of a trace id: chooses the shard and the slot in the table. The key is drawn at start, so that a client
// cannot make ids that collide on purpose.
struct TraceIdHasher {
  uint64_t key = 0x9E3779B97F4A7C15ULL;
  uint64_t operator()(const TraceId& id) const {
    return MultiplyFold(id.low_word() ^ key, id.high_word() ^ 0xD6E8FEB86659FD93ULL ^ (key >> 1));
  }
};

// Hash of a byte string, for interning resource and scope headers.
uint64_t HashBytes(std::string_view data, uint64_t seed);

}  // namespace tailrace

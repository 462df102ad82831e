// DecisionCache: what was decided of traces that are gone from the table, so that late spans follow the decision.
// Single-writer. Address space is reserved at start and used as entries come: 8 bytes a trace, in sets of eight (one
// cache line); in a full set the least recently used entry makes room.
//
// Invariants: an entry holds 54 bits of the id's hash, so a stranger is taken for a known trace once in about 2^51
// look-ups; an entry that is 0 is empty.
#pragma once

#include <cstdint>

#include "base/mapped_array.h"

namespace tailrace {

class DecisionCache {
 public:
  // The policies' index that an entry can carry; larger ones are kept as kNoPolicy.
  static constexpr uint32_t kNoPolicy = 1023;

  // Remembers at least `capacity` traces when they hash evenly. 0: remembers nothing.
  explicit DecisionCache(uint64_t capacity);

  // `hash` is a well-mixed hash of the trace id.
  void Insert(uint64_t hash, uint32_t policy);
  // True where the trace is remembered; `policy` may be null.
  bool Find(uint64_t hash, uint32_t* policy = nullptr);
  void Prefetch(uint64_t hash) const;

  uint64_t bytes() const { return sets_.size() * sizeof(Set); }

 private:
  static constexpr int kWays = 8;
  struct alignas(64) Set {
    uint64_t entries[kWays];  // most recently used first
  };

  Set& SetOf(uint64_t hash) { return sets_[hash & (sets_.size() - 1)]; }
  static uint64_t TagOf(uint64_t hash) { return (hash >> 10 | uint64_t{1} << 53) << 10; }

  MappedArray<Set> sets_;  // a power of two of them, or none
};

}  // namespace tailrace

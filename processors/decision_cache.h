// DecisionCache: what was decided of traces that are gone from the table, so that late spans follow the decision.
// Single-writer. Address space is reserved at start and used as entries come: 8 bytes a trace, in sets of eight (one
// cache line, so one memory access a look-up); in a full set the least recently used entry makes room, of the kind,
// sampled or not, that has more than its share of the set.
//
// Invariants: an entry holds 54 bits of the id's hash, so a stranger is taken for a known trace once in about 2^51
// look-ups; an entry that is 0 is empty, and empty ones are a set's last.
#pragma once

#include <cstdint>
#include <optional>

#include "base/mapped_array.h"

namespace tailrace {

class DecisionCache {
 public:
  // The policies' index that an entry can carry; larger ones are kept as kNoPolicy.
  static constexpr uint32_t kNoPolicy = 511;

  struct Remembered {
    bool sampled = false;
    uint32_t policy = kNoPolicy;
  };

  // Remembers at least so many traces of either kind when they hash evenly. 0 and 0: remembers nothing.
  DecisionCache(uint64_t sampled_capacity, uint64_t not_sampled_capacity);

  // `hash` is a well-mixed hash of the trace id.
  void Insert(uint64_t hash, Remembered decision);
  std::optional<Remembered> Find(uint64_t hash);
  // The same, and no sign of use.
  std::optional<Remembered> Peek(uint64_t hash) const;
  void Prefetch(uint64_t hash) const {
    if (sets_.size() != 0) __builtin_prefetch(&sets_[hash & (sets_.size() - 1)], 1);
  }

  // The memory that look-ups fall into at random.
  const void* data() const { return sets_.data(); }
  uint64_t bytes() const { return sets_.size() * sizeof(Set); }

 private:
  static constexpr int kWays = 8;
  struct alignas(64) Set {
    uint64_t entries[kWays];  // most recently used first
  };

  Set& SetOf(uint64_t hash) { return sets_[hash & (sets_.size() - 1)]; }
  // The place of the hash's entry in its set; kWays where there is none.
  static int PlaceOf(const Set& set, uint64_t hash);
  int Victim(const uint64_t* entries, bool for_sampled) const;

  MappedArray<Set> sets_;  // a power of two of them, or none
  int sampled_ways_;       // a set's share of sampled traces
};

}  // namespace tailrace

// JournalIndex: from the hash of a trace id to places in a ring of records. Sets of sixteen places, one cache line
// each, newest first; a new place pushes the set's oldest out, so nothing is ever erased. A place found may since have
// been given to another trace: whoever holds the records compares ids.
//
// The ring is overwritten oldest first, too, and a set has four times as many places as there are records for it on
// average: one in some 100 000 records is pushed out of its set before it leaves its ring, and then cannot be found.
//
// Single-writer. All memory is reserved at start.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/mapped_array.h"

namespace tailrace {

class JournalIndex {
 public:
  static constexpr uint32_t kPlaceBits = 22;
  static constexpr uint64_t kRecordsPerSet = 4;
  static constexpr uint64_t kSetBytes = 64;

  explicit JournalIndex(uint64_t records_max)
      : sets_(records_max == 0 ? 0 : std::max<uint64_t>(1, records_max / kRecordsPerSet)) {}

  const void* data() const { return sets_.data(); }
  uint64_t bytes() const { return sets_.size() * sizeof(Set); }

  void Prefetch(uint64_t hash) const { __builtin_prefetch(&sets_[SetOf(hash)], 1); }

  // `place` has at most kPlaceBits bits.
  void Insert(uint64_t hash, uint32_t place) {
    uint32_t* const places = sets_[SetOf(hash)].places;
    std::memmove(places + 1, places, (kWays - 1) * sizeof(uint32_t));
    places[0] = TagOf(hash) | place;
  }

  // The newest place under that hash for which `is_it(place)` holds; false where there is none.
  template <typename IsIt>
  bool Find(uint64_t hash, IsIt is_it) const {
    const uint32_t tag = TagOf(hash);
    for (const uint32_t entry : sets_[SetOf(hash)].places) {
      if (entry == 0) return false;
      if ((entry & ~kPlaceMask) == tag && is_it(entry & kPlaceMask)) return true;
    }
    return false;
  }

 private:
  static constexpr int kWays = 16;
  static constexpr uint32_t kPlaceMask = (uint32_t{1} << kPlaceBits) - 1;
  struct alignas(64) Set {
    uint32_t places[kWays];  // above the place nine bits of the hash and one that is always set; 0: none yet
  };
  static_assert(sizeof(Set) == kSetBytes);

  // The set goes by the hash's low half, the tag by bits above it; a shard's hashes share some of the highest.
  uint64_t SetOf(uint64_t hash) const { return (hash & UINT32_MAX) * sets_.size() >> 32; }
  static uint32_t TagOf(uint64_t hash) { return (static_cast<uint32_t>(hash >> 32) << kPlaceBits) | uint32_t{1} << 31; }

  MappedArray<Set> sets_;
};

}  // namespace tailrace

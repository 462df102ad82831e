// TraceIndex: from the hash of a trace id to the number of its record, eight bytes a slot, open addressing with linear
// probing. It knows hashes, not ids: a look-up gives candidates, and whoever holds the records compares the ids. So the
// look-up costs one cache line, and the record can be on its way while others are looked up.
//
// Single-writer. All memory is reserved at start; never more than half full.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "base/mapped_array.h"
#include "base/probing.h"

namespace tailrace {

class TraceIndex {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  explicit TraceIndex(uint32_t records_max)
      : slots_(std::bit_ceil(uint64_t{2} * std::max(records_max, 8u))),
        mask_(static_cast<uint32_t>(slots_.size() - 1)) {}

  void Prefetch(uint64_t hash) const { __builtin_prefetch(&slots_[Home(hash)]); }

  // The memory that look-ups fall into at random.
  const void* data() const { return slots_.data(); }
  uint64_t bytes() const { return slots_.size() * sizeof(Slot); }

  // The first record with that hash for which `is_it(record)` holds; kNone where there is none.
  template <typename IsIt>
  uint32_t Find(uint64_t hash, IsIt is_it) const {
    const uint32_t tag = static_cast<uint32_t>(hash);
    for (uint32_t at = Home(hash); slots_[at].record_plus_1 != 0; at = (at + 1) & mask_) {
      if (slots_[at].tag == tag && is_it(slots_[at].record_plus_1 - 1)) return slots_[at].record_plus_1 - 1;
    }
    return kNone;
  }

  void Insert(uint64_t hash, uint32_t record) {
    uint32_t at = Home(hash);
    while (slots_[at].record_plus_1 != 0) at = (at + 1) & mask_;
    slots_[at] = {static_cast<uint32_t>(hash), record + 1};
  }

  // `record` is there under that hash.
  void Erase(uint64_t hash, uint32_t record) {
    uint32_t hole = Home(hash);
    while (slots_[hole].record_plus_1 != record + 1) hole = (hole + 1) & mask_;
    CloseHole(
        slots_, mask_, hole, [](const Slot& slot) { return slot.record_plus_1 == 0; },
        [this](const Slot& slot) { return slot.tag & mask_; });
  }

 private:
  struct Slot {
    uint32_t tag = 0;  // the hash's low half; its lowest bits are the home
    uint32_t record_plus_1 = 0;
  };

  uint32_t Home(uint64_t hash) const { return static_cast<uint32_t>(hash) & mask_; }

  MappedArray<Slot> slots_;
  uint32_t mask_;
};

}  // namespace tailrace

// RowIndex: from the key of a name to the row that it is counted in, in tables with a fixed number of rows. Row 0 is
// for all that find none. Rows that nobody needs any more are given back together, now and then.
//
// Single-writer. All memory is taken at start.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "base/hash.h"
#include "base/mapped_array.h"

namespace tailrace {

class RowIndex {
 public:
  static constexpr uint32_t kNone = 0;

  explicit RowIndex(uint32_t rows) : keys_(rows), slots_(uint64_t{kSlotsPerRow} * rows) {
    for (uint32_t row = rows; row > kNone + 1; --row) free_.push_back(row - 1);
  }

  // What it takes for a row.
  static constexpr uint64_t BytesPerRow() { return sizeof(uint64_t) + sizeof(uint32_t) + kSlotsPerRow * sizeof(Slot); }

  uint32_t free_rows() const { return static_cast<uint32_t>(free_.size()); }

  // `key`: not 0; a hash all of whose upper bits are good. There is at least one row.
  uint32_t Find(uint64_t key) const { return slots_[Probe(key)].row; }
  // For a key that has none; there is a free row.
  uint32_t Add(uint64_t key) {
    const uint32_t row = free_.back();
    free_.pop_back();
    keys_[row] = key;
    slots_[Probe(key)] = {key, row};
    return row;
  }
  // Those for which `is_used(row)` does not hold are free again.
  template <typename IsUsed>
  void GiveBack(IsUsed is_used) {
    std::memset(static_cast<void*>(slots_.data()), 0, slots_.size() * sizeof(Slot));
    for (uint32_t row = kNone + 1; row < keys_.size(); ++row) {
      if (keys_[row] == 0) continue;
      if (is_used(row)) {
        slots_[Probe(keys_[row])] = {keys_[row], row};
      } else {
        keys_[row] = 0;
        free_.push_back(row);
      }
    }
  }

 private:
  struct Slot {
    uint64_t key;
    uint32_t row;  // kNone: free
  };
  static constexpr uint32_t kSlotsPerRow = 2;

  // The key's slot, or the free one where it would be.
  size_t Probe(uint64_t key) const {
    size_t at = static_cast<size_t>(static_cast<Uint128>(key) * slots_.size() >> 64);
    while (slots_[at].row != kNone && slots_[at].key != key) at = at + 1 == slots_.size() ? 0 : at + 1;
    return at;
  }

  std::vector<uint64_t> keys_;  // by row; 0: not in use
  std::vector<uint32_t> free_;
  MappedArray<Slot> slots_;
};

}  // namespace tailrace

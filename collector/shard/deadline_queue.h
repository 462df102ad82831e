// DeadlineQueue: records in the order of their deadlines, first in, first out; a ring in memory reserved at start.
// Entries of records that have gone stay until they come to the head or the ring is full, when they are sifted out.
// Marks stand before an entry and stay before it.
// Single-writer.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "base/mapped_array.h"

namespace tailrace {

class DeadlineQueue {
 public:
  struct Entry {
    int64_t deadline_ns;
    uint32_t record;
    uint32_t generation;
  };

  static constexpr size_t kMarks = 9;

  // At most `live_max` live entries at any time.
  explicit DeadlineQueue(uint32_t live_max) : ring_(std::bit_ceil(uint64_t{2} * live_max + 2)) {}

  bool empty() const { return head_ == tail_; }
  const Entry& front() const { return At(head_); }
  void Pop() { ++head_; }
  // The entry `ahead` places behind the head; null where there is none.
  const Entry* Peek(uint64_t ahead) const { return head_ + ahead < tail_ ? &At(head_ + ahead) : nullptr; }

  // The entry behind a mark, and those after it; null at the end.
  const Entry* PeekMark(size_t mark, uint64_t ahead = 0) {
    marks_[mark] = std::max(marks_[mark], head_);
    return marks_[mark] + ahead < tail_ ? &At(marks_[mark] + ahead) : nullptr;
  }
  void AdvanceMark(size_t mark) { ++marks_[mark]; }

  // `dead(entry)` says whether an entry's record has gone; only asked where the ring is full.
  template <typename Dead>
  void Push(const Entry& entry, Dead dead) {
    if (tail_ - head_ == ring_.size()) Sift(dead);
    At(tail_++) = entry;
  }

 private:
  Entry& At(uint64_t at) { return ring_[at & (ring_.size() - 1)]; }
  const Entry& At(uint64_t at) const { return ring_[at & (ring_.size() - 1)]; }

  template <typename Dead>
  void Sift(Dead dead) {
    uint64_t to = head_;
    std::array<uint64_t, kMarks> moved;
    moved.fill(head_);
    for (uint64_t from = head_; from != tail_; ++from) {
      if (dead(At(from))) continue;
      for (size_t mark = 0; mark < kMarks; ++mark) {
        if (from < marks_[mark]) moved[mark] = to + 1;
      }
      At(to++) = At(from);
    }
    tail_ = to;
    marks_ = moved;
  }

  MappedArray<Entry> ring_;
  uint64_t head_ = 0;
  uint64_t tail_ = 0;
  std::array<uint64_t, kMarks> marks_{};  // before head_: at it
};

}  // namespace tailrace

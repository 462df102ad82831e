// HandOverRing: what one shard hands to another: of each request the runs whose traces belong there. A bounded ring
// with one producer and one consumer; one ring for each ordered pair of shards.
//
// Lock-free. The producer alone adds, so 'is there room?' answered by it stays true until it pushes. The request's
// bytes stay the producer's: it keeps the reference in the slot until the consumer has passed it, and gives it back
// itself (Reclaim), so that a BufferRef's count is never touched by two threads. The slots' arrays are reused: after
// warm-up nothing is allocated.
//
// Invariants: reclaimed_ <= head_ <= tail_ <= reclaimed_ + kSlots. Slots in [head_, tail_) belong to the consumer, all
// others to the producer.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/buffer.h"
#include "proto/request_scanner.h"

namespace tailrace {

struct HandOver {
  BufferRef request;    // the producer's
  uint32_t source = 0;  // a receiver, or behind them a connector that routes
  std::vector<ScopeHeader> headers;
  std::vector<char> gathered;
  std::vector<SpanRun> runs;
  std::vector<uint64_t> hashes;
  uint32_t span_count = 0;

  // Lets go of what an unusually large request needed.
  void KeepAtMost(uint64_t bytes) {
    const uint64_t held = headers.capacity() * sizeof(ScopeHeader) + gathered.capacity() +
                          runs.capacity() * sizeof(SpanRun) + hashes.capacity() * sizeof(uint64_t);
    if (held > bytes) *this = HandOver();
  }
};

// `Atomic` is std::atomic but in the model test, which chooses what each load sees.
template <template <typename> class Atomic, uint64_t kSlotCount>
class BasicHandOverRing {
 public:
  static constexpr uint64_t kSlots = kSlotCount;

  // A slot that is free keeps at most `slot_bytes_max` for its next request.
  explicit BasicHandOverRing(uint64_t slot_bytes_max = uint64_t{64} << 10)
      : slot_bytes_max_(slot_bytes_max), slots_(std::make_unique<std::array<HandOver, kSlots>>()) {}

  // --- producer ---
  bool HasRoom() {
    if (tail_local_ - reclaimed_ < kSlots) return true;
    Reclaim();
    return tail_local_ - reclaimed_ < kSlots;
  }
  // The slot to fill; HasRoom() must have said yes.
  HandOver& Next() { return Slot(tail_local_); }
  void Push() {
    spans_pushed_ += Slot(tail_local_).span_count;
    ++tail_local_;
    // Release: the consumer's load of tail_ (acquire) sees the slot as filled.
    tail_.store(tail_local_, std::memory_order_release);
  }
  // Gives back the requests that the consumer is done with.
  void Reclaim() {
    // Acquire: pairs with the consumer's store of head_ in Pop(), so that its last reads of the slot come before our
    // reuse.
    const uint64_t head = head_.load(std::memory_order_acquire);
    for (; reclaimed_ < head; ++reclaimed_) {
      Slot(reclaimed_).request.reset();
      Slot(reclaimed_).KeepAtMost(slot_bytes_max_);
    }
  }
  bool AllReclaimed() const { return reclaimed_ == tail_local_; }
  uint64_t spans_pushed() const { return spans_pushed_; }

  // --- consumer ---
  // The oldest hand-over; null where there is none.
  const HandOver* Front() {
    // Acquire: pairs with Push().
    if (head_local_ == tail_.load(std::memory_order_acquire)) return nullptr;
    return &Slot(head_local_);
  }
  void Pop() {
    spans_popped_ += Slot(head_local_).span_count;
    ++head_local_;
    // Release: our reads of the slot come before the producer's reuse of it (its acquire in Reclaim()).
    head_.store(head_local_, std::memory_order_release);
  }
  uint64_t spans_popped() const { return spans_popped_; }

 private:
  HandOver& Slot(uint64_t at) { return (*slots_)[at % kSlots]; }

  const uint64_t slot_bytes_max_;
  std::unique_ptr<std::array<HandOver, kSlots>> slots_;
  // Producer's line.
  alignas(64) uint64_t tail_local_ = 0;
  uint64_t reclaimed_ = 0;
  uint64_t spans_pushed_ = 0;
  Atomic<uint64_t> tail_{0};
  // Consumer's line.
  alignas(64) uint64_t head_local_ = 0;
  uint64_t spans_popped_ = 0;
  Atomic<uint64_t> head_{0};
};

using HandOverRing = BasicHandOverRing<std::atomic, 256>;

}  // namespace tailrace

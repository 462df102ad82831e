#include "collector/shard/block_pool.h"

#include <sys/mman.h>

#include <algorithm>

#include "base/thread_name.h"

namespace tailrace {
namespace {

constexpr uint64_t kHugePage = uint64_t{2} << 20;
// How much is touched ahead of need: a sixteenth of what is used, within these bounds. An idle daemon holds the lower
// one.
constexpr uint32_t kAheadMin = (8u << 20) / BlockPool::kBlockBytes;
constexpr uint32_t kAheadMax = (64u << 20) / BlockPool::kBlockBytes;

}  // namespace

BlockPool::BlockPool(uint64_t bytes, bool prefault)
    : data_(std::min<uint64_t>(bytes / kBlockBytes, kNone - 1) * kBlockBytes),
      next_(data_.size() / kBlockBytes),
      slabs_(next_.size() / kSlabBlocks + 1),
      block_count_(static_cast<uint32_t>(next_.size())) {
  if (data_.size() == 0) return;
  madvise(data_.data(), data_.size(), MADV_HUGEPAGE);
  if (!prefault) return;
  helper_ = std::thread([this] { Prefault(); });
  AskForMore();
}

BlockPool::~BlockPool() {
  if (!helper_.joinable()) return;
  stop_.store(true, std::memory_order_relaxed);
  wanted_.fetch_add(1, std::memory_order_release);  // a change, so that the helper's wait ends
  wanted_.notify_one();
  helper_.join();
}

bool BlockPool::NextSlab() {
  constexpr uint32_t kPartShare = 8;
  if (empty_ != kNone) {
    present_ = empty_;
    empty_ = slabs_[present_].next;
  } else if (part_head_ != kNone && (fresh_ == block_count_ || part_free_ > used_ / kPartShare)) {
    present_ = part_head_;
    part_free_ -= static_cast<uint32_t>(std::popcount(slabs_[present_].free));
    RemoveFromPart(present_);
  } else if (fresh_ < block_count_) {
    present_ = fresh_ / kSlabBlocks;
    slabs_[present_].free = AllOf(present_);
    fresh_ += std::min(kSlabBlocks, block_count_ - fresh_);
    if (fresh_ > refill_at_) AskForMore();
  } else {
    return false;
  }
  return true;
}

void BlockPool::FreeChain(uint32_t first, uint32_t count) {
  used_ -= count;
  // Neighbours of one slab are freed by one step.
  uint32_t slab = first / kSlabBlocks;
  uint64_t blocks = 0;
  for (uint32_t block = first; count > 0; --count, block = next_[block]) {
    if (block / kSlabBlocks != slab) {
      FreeIn(slab, blocks);
      slab = block / kSlabBlocks;
      blocks = 0;
    }
    blocks |= uint64_t{1} << block % kSlabBlocks;
  }
  FreeIn(slab, blocks);
}

void BlockPool::FreeIn(uint32_t slab, uint64_t blocks) {
  const uint64_t before = slabs_[slab].free;
  const uint64_t free = before | blocks;
  slabs_[slab].free = free;
  if (slab == present_) return;
  if (free == AllOf(slab)) {
    if (before != 0) {
      part_free_ -= static_cast<uint32_t>(std::popcount(before));
      RemoveFromPart(slab);
    }
    slabs_[slab].next = empty_;
    empty_ = slab;
    return;
  }
  if (before == 0) AddToPart(slab);
  part_free_ += static_cast<uint32_t>(std::popcount(blocks));
}

void BlockPool::AddToPart(uint32_t slab) {
  slabs_[slab].previous = part_tail_;
  slabs_[slab].next = kNone;
  (part_tail_ == kNone ? part_head_ : slabs_[part_tail_].next) = slab;
  part_tail_ = slab;
}

void BlockPool::RemoveFromPart(uint32_t slab) {
  const Slab& gone = slabs_[slab];
  (gone.previous == kNone ? part_head_ : slabs_[gone.previous].next) = gone.next;
  (gone.next == kNone ? part_tail_ : slabs_[gone.next].previous) = gone.previous;
}

// The last slab may be a short one.
uint64_t BlockPool::AllOf(uint32_t slab) const {
  const uint32_t blocks = std::min(kSlabBlocks, block_count_ - slab * kSlabBlocks);
  return UINT64_MAX >> (kSlabBlocks - blocks);
}

void BlockPool::AskForMore() {
  const uint32_t ahead = std::clamp(fresh_ / 16, kAheadMin, kAheadMax);
  const uint32_t left = block_count_ - fresh_;
  refill_at_ = left <= ahead ? UINT32_MAX : fresh_ + ahead / 2;
  wanted_.store(fresh_ + std::min(ahead, left), std::memory_order_release);
  wanted_.notify_one();
}

void BlockPool::Prefault() {
  NameThisThread("prefault");
  uint64_t done = 0;  // bytes
  uint32_t seen = 0;
  while (true) {
    wanted_.wait(seen, std::memory_order_acquire);
    seen = wanted_.load(std::memory_order_acquire);
    if (stop_.load(std::memory_order_relaxed)) return;
    // Whole huge pages, measured from the start of the range; the last one may be cut short by the range's end.
    const uint64_t upto = std::min<uint64_t>((uint64_t{seen} * kBlockBytes + kHugePage - 1) / kHugePage * kHugePage,
                                             data_.size() / 4096 * 4096);
    for (; done < upto && !stop_.load(std::memory_order_relaxed); done += std::min(kHugePage, upto - done)) {
      PopulatePages(data_.data() + done, std::min(kHugePage, upto - done));
    }
  }
}

}  // namespace tailrace

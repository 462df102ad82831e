#include "collector/shard/block_pool.h"

#include <sys/mman.h>

#include <algorithm>

#include "base/thread_name.h"

namespace tailrace {
namespace {

constexpr uint64_t kHugePage = uint64_t{2} << 20;
// How much is touched ahead of need: a quarter of what is used, within these bounds. An idle daemon holds the lower
// one.
constexpr uint32_t kAheadMin = (8u << 20) / BlockPool::kBlockBytes;
constexpr uint32_t kAheadMax = (64u << 20) / BlockPool::kBlockBytes;

}  // namespace

BlockPool::BlockPool(uint64_t bytes, bool prefault)
    : data_(std::min<uint64_t>(bytes / kBlockBytes, kNone - 1) * kBlockBytes),
      next_(data_.size() / kBlockBytes),
      free_(next_.size()),
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

void BlockPool::AskForMore() {
  const uint32_t ahead = std::clamp(fresh_ / 4, kAheadMin, kAheadMax);
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

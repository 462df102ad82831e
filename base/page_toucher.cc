#include "base/page_toucher.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/mapped_array.h"
#include "base/thread_name.h"

namespace tailrace {

PageToucher::~PageToucher() {
  if (!thread_.joinable()) return;
  stop_.store(true, std::memory_order_relaxed);
  thread_.join();
}

void PageToucher::Start(std::vector<Range> ranges) {
  thread_ = std::thread([this, ranges = std::move(ranges)] { Run(ranges); });
}

void PageToucher::Run(const std::vector<Range>& ranges) {
  NameThisThread("touch-pages");
  constexpr size_t kPiece = size_t{2} << 20;
  for (const Range& range : ranges) {
    auto at = reinterpret_cast<uintptr_t>(range.address);
    for (size_t left = range.bytes; left > 0 && !stop_.load(std::memory_order_relaxed);) {
      const size_t piece = std::min(left, kPiece);
      PopulatePages(reinterpret_cast<void*>(at), piece);
      at += piece;
      left -= piece;
    }
  }
}

}  // namespace tailrace

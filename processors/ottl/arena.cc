#include "processors/ottl/arena.h"

#include <algorithm>

namespace tailrace::ottl {

bool Arena::Refill(size_t bytes) {
  constexpr size_t kChunkBytes = 4096;
  const size_t size = std::max(kChunkBytes, bytes);
  if (bytes > bytes_max_ || taken_ > bytes_max_ - bytes) return false;
  chunks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
  taken_ += size;
  at_ = chunks_.back().data.get();
  left_ = size;
  return true;
}

void Arena::Clear() {
  if (chunks_.empty()) return;
  chunks_.resize(1);
  taken_ = chunks_[0].size;
  at_ = chunks_[0].data.get();
  left_ = chunks_[0].size;
}

}  // namespace tailrace::ottl

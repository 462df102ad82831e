#include "collector/receivers/body_buffer.h"

#include <algorithm>
#include <cstring>

namespace tailrace {
namespace {

constexpr size_t kFirstStepMax = size_t{256} << 10;

}  // namespace

BodyError BodyBuffer::Append(BufferPool& pool, std::string_view bytes) {
  if (bytes.empty()) return BodyError::kNone;
  const size_t needed = size() + bytes.size();
  if (needed > bytes_max_) return BodyError::kTooLarge;
  if (!buffer_ || needed > buffer_->capacity()) {
    if (const BodyError error = Grow(pool, needed); error != BodyError::kNone) return error;
  }
  std::memcpy(buffer_->data() + buffer_->size(), bytes.data(), bytes.size());
  buffer_->set_size(needed);
  return BodyError::kNone;
}

BodyError BodyBuffer::Grow(BufferPool& pool, size_t needed) {
  const size_t step = buffer_ ? buffer_->capacity() * 2 : kFirstStepMax;
  BufferRef larger = pool.Allocate(std::max(needed, std::min(declared_, step)));
  if (!larger) return BodyError::kNoBuffer;
  if (buffer_) std::memcpy(larger->data(), buffer_->data(), buffer_->size());
  larger->set_size(size());
  buffer_ = std::move(larger);
  return BodyError::kNone;
}

}  // namespace tailrace

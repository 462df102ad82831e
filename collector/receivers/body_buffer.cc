#include "collector/receivers/body_buffer.h"

#include <algorithm>

#include "collector/receivers/unfinished_bodies.h"

namespace tailrace {
namespace {

constexpr size_t kFirstStepMax = size_t{256} << 10;

}  // namespace

BodyError BodyBuffer::Append(UnfinishedBodies& bodies, std::string_view bytes) {
  if (lost_) return BodyError::kNoBuffer;
  if (bytes.empty()) return BodyError::kNone;
  const size_t needed = size() + bytes.size();
  if (needed > bytes_max_) return BodyError::kTooLarge;
  if (!buffer_ || needed > buffer_->capacity()) {
    if (const BodyError error = Grow(bodies, needed); error != BodyError::kNone) return error;
  }
  buffer_->Append(bytes);
  return BodyError::kNone;
}

BodyError BodyBuffer::Grow(UnfinishedBodies& bodies, size_t needed) {
  const size_t step = buffer_ ? buffer_->capacity() * 2 : kFirstStepMax;
  BufferRef larger = bodies.pool().Allocate(std::max(needed, std::min(declared_, step)));
  // To make room for it this very body may have been given up.
  if (!larger || lost_) return BodyError::kNoBuffer;
  if (buffer_) larger->Append(buffer_->view());
  buffer_ = std::move(larger);
  if (bodies_ == nullptr) {
    bodies_ = &bodies;
    bodies.Add(this);
  }
  return BodyError::kNone;
}

void BodyBuffer::Leave() {
  if (bodies_ != nullptr) bodies_->Remove(this);
  bodies_ = nullptr;
}

void BodyBuffer::GiveUp() {
  Leave();
  buffer_.reset();
  lost_ = true;
}

}  // namespace tailrace

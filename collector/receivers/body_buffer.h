// BodyBuffer: a body while it arrives, written straight into a pool buffer. What is declared up front is believed only
// up to a first step; from there it grows with what really came, so that a header of a few bytes cannot pin a large
// buffer.
//
// Ownership: single-writer, part of one stream or HTTP/1.1 connection; reused from request to request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/buffer.h"

namespace tailrace {

enum class BodyError : uint8_t {
  kNone,
  kTooLarge,  // over the limit
  kNoBuffer,  // the pool is at its bound
};

class BodyBuffer {
 public:
  // `declared`: the size that the client named; 0: it named none. `bytes_max`: what is taken at most.
  void Start(size_t declared, size_t bytes_max) {
    declared_ = declared;
    bytes_max_ = bytes_max;
  }
  [[nodiscard]] BodyError Append(BufferPool& pool, std::string_view bytes);

  size_t size() const { return buffer_ ? buffer_->size() : 0; }
  // The body so far, which this object then forgets. An empty body is an empty reference.
  BufferRef Take() { return std::move(buffer_); }
  void Reset() { buffer_.reset(); }

 private:
  [[nodiscard]] BodyError Grow(BufferPool& pool, size_t needed);

  BufferRef buffer_;
  size_t declared_ = 0;
  size_t bytes_max_ = 0;
};

}  // namespace tailrace

// BodyBuffer: a body while it arrives, written straight into a pool buffer. What is declared up front is believed only
// up to a first step; from there it grows with what really came, so that a header of a few bytes cannot pin a large
// buffer. While it is unfinished it may have to give its buffer up (see UnfinishedBodies): then the next Append(), or
// lost(), says so.
//
// Ownership: single-writer, part of one stream or HTTP/1.1 connection; reused from request to request. Stays where it
// is while it holds anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/buffer.h"

namespace tailrace {

enum class BodyError : uint8_t {
  kNone,
  kTooLarge,  // over the limit
  kNoBuffer,  // the pool is at its bound, or has been
};

class UnfinishedBodies;

class BodyBuffer {
 public:
  BodyBuffer() = default;
  ~BodyBuffer() { Reset(); }
  BodyBuffer(const BodyBuffer&) = delete;
  BodyBuffer& operator=(const BodyBuffer&) = delete;

  // For the next body. `declared`: the size that the client named; 0: it named none. `bytes_max`: what is taken at
  // most.
  void Start(size_t declared, size_t bytes_max) {
    lost_ = false;
    declared_ = declared;
    bytes_max_ = bytes_max;
  }
  [[nodiscard]] BodyError Append(UnfinishedBodies& bodies, std::string_view bytes);

  size_t size() const { return buffer_ ? buffer_->size() : 0; }
  // The body so far, which this object then forgets. An empty body is an empty reference.
  BufferRef Take() {
    Leave();
    return std::move(buffer_);
  }
  void Reset() {
    Leave();
    buffer_.reset();
    lost_ = false;
  }
  // What came was given up: the client must send it again.
  bool lost() const { return lost_; }

 private:
  friend class UnfinishedBodies;
  [[nodiscard]] BodyError Grow(UnfinishedBodies& bodies, size_t needed);
  void Leave();
  void GiveUp();

  BufferRef buffer_;
  size_t declared_ = 0;
  size_t bytes_max_ = 0;
  bool lost_ = false;
  // UnfinishedBodies' own; `bodies_` is not null while this is one of them.
  UnfinishedBodies* bodies_ = nullptr;
  BodyBuffer* older_ = nullptr;
  BodyBuffer* younger_ = nullptr;
  int64_t began_ns_ = 0;
};

}  // namespace tailrace

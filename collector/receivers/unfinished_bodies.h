// UnfinishedBodies: the bodies of a shard that are still arriving, in the order in which they began. Where the buffers
// are all taken, the oldest ones give theirs up: an honest body is there within moments, so clients that begin many and
// end none pay with those, and nobody waits for their time-outs. Who sends what was given up is told to try again.
//
// Ownership: single-writer, the shard's. It outlives its bodies.
#pragma once

#include <cstdint>

#include "base/buffer.h"

namespace tailrace {

class BodyBuffer;

class UnfinishedBodies {
 public:
  // A body younger than this gives nothing up.
  static constexpr int64_t kGraceNs = 500'000'000;

  // `now_ns`: where the time of the event at hand stands; `given_up` is counted up. All outlive this object, which
  // becomes the pool's reclaimer.
  UnfinishedBodies(BufferPool& pool, const int64_t& now_ns, uint64_t& given_up);
  ~UnfinishedBodies();
  UnfinishedBodies(const UnfinishedBodies&) = delete;
  UnfinishedBodies& operator=(const UnfinishedBodies&) = delete;

  BufferPool& pool() { return pool_; }
  void Add(BodyBuffer* body);
  void Remove(BodyBuffer* body);
  // Of the oldest one. False where none is old enough.
  bool GiveUpOldest();

 private:
  BufferPool& pool_;
  const int64_t& now_ns_;
  uint64_t& given_up_;
  BodyBuffer* oldest_ = nullptr;
  BodyBuffer* youngest_ = nullptr;
};

}  // namespace tailrace

#include "collector/receivers/unfinished_bodies.h"

#include "collector/receivers/body_buffer.h"

namespace tailrace {

UnfinishedBodies::UnfinishedBodies(BufferPool& pool, const int64_t& now_ns, uint64_t& given_up)
    : pool_(pool), now_ns_(now_ns), given_up_(given_up) {
  pool_.SetReclaimer([this] { return GiveUpOldest(); });
}

UnfinishedBodies::~UnfinishedBodies() { pool_.SetReclaimer(nullptr); }

void UnfinishedBodies::Add(BodyBuffer* body) {
  body->began_ns_ = now_ns_;
  body->older_ = youngest_;
  body->younger_ = nullptr;
  (youngest_ != nullptr ? youngest_->younger_ : oldest_) = body;
  youngest_ = body;
}

void UnfinishedBodies::Remove(BodyBuffer* body) {
  (body->older_ != nullptr ? body->older_->younger_ : oldest_) = body->younger_;
  (body->younger_ != nullptr ? body->younger_->older_ : youngest_) = body->older_;
}

bool UnfinishedBodies::GiveUpOldest() {
  if (oldest_ == nullptr || now_ns_ - oldest_->began_ns_ < kGraceNs) return false;
  oldest_->GiveUp();
  ++given_up_;
  return true;
}

}  // namespace tailrace

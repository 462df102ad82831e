// ShardStepper: a shard without its thread. The simulation calls it for whatever the thread would do next: a request, a
// handler that was posted, the timer. Shard names it as a friend, for two things that its thread alone knows: when the
// timer is set to, and that it has gone off.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <cstring>

#include "collector/shard/shard.h"

namespace tailrace {

class ShardStepper {
 public:
  explicit ShardStepper(Shard* shard) : shard_(shard) {}

  Shard& shard() { return *shard_; }

  // Runs what was posted, and what that posts; among it waits of the timer that were called off, which do nothing.
  void RunPosts() { shard_->io().poll(); }

  // INT64_MAX: the timer is not set.
  int64_t armed_for_ns() const { return shard_->armed_for_ns_; }
  // The timer goes off up to a millisecond late, so that deadlines come together.
  bool TimerIsDue(int64_t now_ns) const {
    constexpr int64_t kLateNs = 1'000'000;
    return armed_for_ns() != INT64_MAX && armed_for_ns() + kLateNs <= now_ns;
  }
  void FireTimer() { shard_->OnTimer(); }

 private:
  Shard* shard_;
};

}  // namespace tailrace

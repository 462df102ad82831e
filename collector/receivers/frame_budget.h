// FrameBudget: how much a client may send that is no request: HTTP/2 frames (PING, SETTINGS, WINDOW_UPDATE, PRIORITY,
// DATA without data, types nobody knows) and HTTP/1.1 chunks. Each costs next to nothing, and a connection that sends
// nothing else costs a core. So each frame or chunk is paid from a budget that is earned back by what a client is here
// for: bodies and complete requests. An honest client earns far more than it spends.
//
// Ownership: single-writer, part of one session.
#pragma once

#include <algorithm>
#include <cstdint>

namespace tailrace {

class FrameBudget {
 public:
  // `frames_max`: frames in a row that a client may send without earning; ListenerConfig::overhead_frames_max.
  explicit FrameBudget(uint32_t frames_max) : max_(int64_t{frames_max} * kFrame), left_(max_) {}

  // A frame or chunk, and its bytes that are neither body nor header fields. False: the budget is spent.
  [[nodiscard]] bool Spend(uint64_t overhead_bytes = 0) {
    left_ -= kFrame + static_cast<int64_t>(overhead_bytes);
    return left_ >= 0;
  }
  // A stream that had to be reset because of what the client did on it: more work than a frame, for less.
  void SpendReset() { left_ -= kReset; }

  void EarnBody(uint64_t bytes) { left_ = std::min(left_ + static_cast<int64_t>(bytes), max_); }
  void EarnRequest() { left_ = std::min(left_ + kRequest, max_); }

  bool spent() const { return left_ < 0; }

 private:
  // In bytes of body: with frames of this size nothing is lost and nothing won.
  static constexpr int64_t kFrame = 256;
  // A client that writes in tiny pieces has this many for each request.
  static constexpr int64_t kRequest = 256 * kFrame;
  // All of a connection's streams may be reset at once, by time-outs or because they were too many.
  static constexpr int64_t kReset = 32 * kFrame;

  int64_t max_;
  int64_t left_;
};

}  // namespace tailrace

// SendGate: how many requests an exporter may have under way, by how its backend does. All of num_consumers while it
// answers; none for a pause after it failed twice in a row or asked for one; then a single request as a probe; then
// twice as many after each success, and until the backlog is gone no faster than a few times the intake, so that a
// backend that comes back is not knocked over by what it missed.
//
// Pure but for its own state: times and rates come in as arguments. Guarded by its owner (SendingQueue).
#pragma once

#include <cstdint>
#include <optional>

#include "collector/telemetry/snapshot.h"

namespace tailrace {

class SendGate {
 public:
  // The longest pause that is our own idea: a backend that comes back is noticed within it.
  static constexpr int64_t kPauseMaxNs = 2'000'000'000;
  // A backlog is sent at this many times the intake.
  static constexpr double kCatchUp = 3.3;

  explicit SendGate(uint64_t consumers) : consumers_(consumers), allowed_(consumers) {}

  bool Open(uint64_t in_flight, int64_t now_ns) const { return in_flight < allowed_ && now_ns >= OpensNs(now_ns); }
  // When it may open by itself, should requests under way be fewer than allowed; in the past: it is.
  int64_t OpensNs(int64_t now_ns) const;
  uint64_t allowed() const { return allowed_; }

  void Started(uint64_t spans, int64_t now_ns);
  // `pause_ns`: of the batch that failed. `asked`: the backend itself asked for it.
  void Failed(int64_t now_ns, int64_t pause_ns, bool asked);
  void Succeeded(int64_t now_ns, uint64_t backlog_spans, double intake_per_s);
  // Nothing waits any more.
  void CaughtUp() { spans_per_s_.reset(); }

  BackendState state(int64_t now_ns) const;

 private:
  void Refill(int64_t now_ns);

  const uint64_t consumers_;
  uint64_t allowed_;
  uint32_t failures_ = 0;  // in a row
  int64_t resume_ns_ = 0;
  std::optional<double> spans_per_s_;  // while it catches up
  double tokens_ = 0;                  // spans; below 0: wait
  int64_t refilled_ns_ = 0;
};

}  // namespace tailrace

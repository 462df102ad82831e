#include "collector/exporters/send_gate.h"

#include <algorithm>

namespace tailrace {
namespace {

constexpr double kSecondNs = 1e9;
// What may be sent at once after a while of nothing, in seconds of the rate.
constexpr double kBurstSeconds = 0.25;
constexpr double kSpansPerSecondMin = 2000;
// A backlog without any intake is gone after this.
constexpr double kDrainSeconds = 30;
constexpr uint32_t kFailuresToClose = 2;

}  // namespace

int64_t SendGate::OpensNs(int64_t now_ns) const {
  int64_t opens = resume_ns_;
  if (spans_per_s_.has_value()) {
    const double tokens = tokens_ + static_cast<double>(now_ns - refilled_ns_) / kSecondNs * *spans_per_s_;
    if (tokens <= 0) opens = std::max(opens, now_ns + static_cast<int64_t>(-tokens / *spans_per_s_ * kSecondNs) + 1);
  }
  return opens;
}

void SendGate::Refill(int64_t now_ns) {
  const double refill = static_cast<double>(now_ns - refilled_ns_) / kSecondNs * *spans_per_s_;
  tokens_ = std::min(tokens_ + refill, *spans_per_s_ * kBurstSeconds);
  refilled_ns_ = now_ns;
}

void SendGate::Started(uint64_t spans, int64_t now_ns) {
  if (!spans_per_s_.has_value()) return;
  Refill(now_ns);
  tokens_ -= static_cast<double>(spans);
}

void SendGate::Failed(int64_t now_ns, int64_t pause_ns, bool asked) {
  if (++failures_ < kFailuresToClose && !asked) return;
  allowed_ = 1;
  resume_ns_ = std::max(resume_ns_, now_ns + (asked ? pause_ns : std::min(pause_ns, kPauseMaxNs)));
}

void SendGate::Succeeded(int64_t now_ns, uint64_t backlog_spans, double intake_per_s) {
  failures_ = 0;
  if (allowed_ == consumers_) return;
  // The first success after an outage sets the pace.
  if (allowed_ == 1 && backlog_spans > 0) {
    spans_per_s_ =
        std::max({kCatchUp * intake_per_s, static_cast<double>(backlog_spans) / kDrainSeconds, kSpansPerSecondMin});
    tokens_ = 0;
    refilled_ns_ = now_ns;
  }
  allowed_ = std::min(allowed_ * 2, consumers_);
}

BackendState SendGate::state(int64_t now_ns) const {
  if (failures_ >= kFailuresToClose || now_ns < resume_ns_) return BackendState::kDown;
  return allowed_ < consumers_ || spans_per_s_.has_value() ? BackendState::kProbing : BackendState::kHealthy;
}

}  // namespace tailrace

#include "collector/admin/moment.h"

namespace tailrace {

const Moment& Moments::Now() {
  const int64_t now_ns = clock_.MonotonicNs();
  if (last_.has_value() && now_ns - taken_ns_ < kAgeMaxNs) return *last_;
  taken_ns_ = now_ns;
  last_ =
      Moment{.unix_ms = clock_.WallNs() / 1'000'000, .daemon = snapshot_(), .process = process_.Read(), .ledger = {}};
  last_->ledger = ComputeLedger(last_->daemon);
  return *last_;
}

}  // namespace tailrace

// Moment: what the daemon counted at one moment, with all that the page's answers are made of. Taken anew only when the
// last one is older than a quarter of a second, so that many browsers cost the shards no more than one does.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "collector/telemetry/ledger.h"
#include "collector/telemetry/process_stats.h"
#include "collector/telemetry/snapshot.h"

namespace tailrace {

struct Moment {
  int64_t unix_ms = 0;
  DaemonSnapshot daemon;
  ProcessStats process;
  std::vector<LedgerLine> ledger;
};

// One thread.
class Moments {
 public:
  static constexpr int64_t kAgeMaxNs = 250'000'000;

  // `snapshot` may wait for the shards. `process` and `clock` outlive this.
  Moments(std::function<DaemonSnapshot()> snapshot, const ProcessStatsReader& process, const Clock& clock)
      : snapshot_(std::move(snapshot)), process_(process), clock_(clock) {}

  // Valid until the next call.
  const Moment& Now();

 private:
  const std::function<DaemonSnapshot()> snapshot_;
  const ProcessStatsReader& process_;
  const Clock& clock_;
  std::optional<Moment> last_;
  int64_t taken_ns_ = 0;
};

}  // namespace tailrace

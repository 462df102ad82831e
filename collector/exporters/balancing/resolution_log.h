// ResolutionLog: counts look-ups and says when they begin to fail and when they are well again; a name server that is
// gone for a night does not fill the log.
//
// Single-writer: the resolver's thread; the counts may be read by any.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "collector/exporters/balancing/member_resolver.h"
#include "collector/telemetry/log.h"

namespace tailrace {

class ResolutionLog {
 public:
  static constexpr int64_t kIntervalNs = int64_t{10} * 1000 * 1000 * 1000;

  ResolutionLog(std::string component, Logger& logger, const Clock& clock);

  void Succeeded();
  // The members stay as they are.
  void Failed(const std::string& error);
  const ResolutionCounts& counts() const { return counts_; }

 private:
  const std::string component_;
  Logger& logger_;
  const Clock& clock_;
  ResolutionCounts counts_;
  bool failing_ = false;
  int64_t logged_ns_ = 0;
};

}  // namespace tailrace

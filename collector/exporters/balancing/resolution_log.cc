#include "collector/exporters/balancing/resolution_log.h"

#include <utility>

namespace tailrace {

ResolutionLog::ResolutionLog(std::string component, Logger& logger, const Clock& clock)
    : component_(std::move(component)), logger_(logger), clock_(clock) {}

void ResolutionLog::Succeeded() {
  counts_.ok.fetch_add(1, std::memory_order_relaxed);
  if (std::exchange(failing_, false)) logger_.Info(component_, "The members can be looked up again");
}

void ResolutionLog::Failed(const std::string& error) {
  counts_.failed.fetch_add(1, std::memory_order_relaxed);
  const int64_t now = clock_.MonotonicNs();
  if (failing_ && now - logged_ns_ < kIntervalNs) return;
  failing_ = true;
  logged_ns_ = now;
  logger_.Warn(component_, "The members cannot be looked up; they stay as they were", {{"error", error}});
}

}  // namespace tailrace

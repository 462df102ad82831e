#include "collector/admin/health.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace tailrace {

void HealthState::Set(Health health) {
  if (health == Health::kReady) {
    // Relaxed: the release below publishes both to whoever sees kReady with the acquire in Get().
    ready_wall_ns_.store(clock_.WallNs(), std::memory_order_relaxed);
    ready_monotonic_ns_.store(clock_.MonotonicNs(), std::memory_order_relaxed);
  }
  health_.store(health, std::memory_order_release);
}

Health HealthState::Get() const {
  // Acquire: pairs with the release in Set(), so that a reader of kReady sees the times that belong to it.
  return health_.load(std::memory_order_acquire);
}

AdminResponse HealthState::Answer() const {
  AdminResponse answer{.content_type = "application/json"};
  if (Get() != Health::kReady) {
    // The Collector answers with Go's zero time; probes that parse the field rely on it being a time.
    answer.status = 503;
    answer.body = R"({"status":"Server not available","upSince":"0001-01-01T00:00:00Z","uptime":""})";
    return answer;
  }
  const absl::Time since = absl::FromUnixNanos(ready_wall_ns_.load(std::memory_order_relaxed));
  const absl::Duration uptime =
      absl::Nanoseconds(clock_.MonotonicNs() - ready_monotonic_ns_.load(std::memory_order_relaxed));
  answer.body = absl::StrCat(R"({"status":"Server available","upSince":")",
                             absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", since, absl::UTCTimeZone()), R"(","uptime":")",
                             absl::FormatDuration(uptime), R"("})");
  return answer;
}

AdminHandler HealthRoute(const HealthState& state) {
  return [&state](const AdminRequest&) { return state.Answer(); };
}

}  // namespace tailrace

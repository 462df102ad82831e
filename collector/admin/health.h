// HealthState: whether the daemon takes traffic, and the answer of the Collector's health_check extension to it.
//
// Ownership: lock-free. Set() by the one thread that starts and stops the daemon; everything else by any thread.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/clock.h"
#include "collector/admin/http_server.h"

namespace tailrace {

enum class Health : uint8_t {
  kStarting,
  kReady,  // every listener listens
  kStopping,
};

class HealthState {
 public:
  // `clock` outlives this.
  explicit HealthState(const Clock& clock) : clock_(clock) {}

  void Set(Health health);
  Health Get() const;

  // 200 {"status":"Server available","upSince":...,"uptime":...} when ready; 503, with no times, otherwise.
  AdminResponse Answer() const;

 private:
  const Clock& clock_;
  std::atomic<Health> health_{Health::kStarting};
  // When it became ready; written before health_ says so.
  std::atomic<int64_t> ready_wall_ns_{0};
  std::atomic<int64_t> ready_monotonic_ns_{0};
};

// For AdminServer::AddRoute. `state` outlives the server.
AdminHandler HealthRoute(const HealthState& state);

}  // namespace tailrace

// MemberResolver: who the members of a load-balancing exporter are, now and whenever that changes. To add one: its
// options in config/options/resolvers.cc, its file here, one line in resolvers.cc.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/clock.h"
#include "collector/telemetry/log.h"
#include "config/model.h"

namespace tailrace {

// Relaxed: the counts publish nothing but themselves.
struct ResolutionCounts {
  std::atomic<uint64_t> ok{0};
  std::atomic<uint64_t> failed{0};
};

class MemberResolver {
 public:
  // The members' names, sorted: what the ring hashes. They may be the same as the last time.
  using OnMembers = std::function<void(std::vector<std::string> names)>;

  virtual ~MemberResolver() = default;
  // "static", "dns", "k8s".
  virtual const char* name() const = 0;
  // Begins to look. `on_members` is called for every list found, one call after the other, in Start() or on a thread of
  // the resolver's. A look-up that fails calls nothing: the last list stands; it is counted and logged.
  [[nodiscard]] virtual absl::Status Start(OnMembers on_members) = 0;
  // No call comes after it.
  virtual void Stop() = 0;
  // Any thread.
  virtual const ResolutionCounts& counts() const = 0;
};

// `component`: of log lines. Logger and clock outlive it.
std::unique_ptr<MemberResolver> MakeResolver(const config::ResolverConfig& config, const std::string& component,
                                             Logger& logger, const Clock& clock);

}  // namespace tailrace

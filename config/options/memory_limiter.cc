// The `memory_limiter` processor: Tailrace has one budget for everything, so its limit becomes that budget.
#include <cmath>

#include "config/options/options.h"

namespace tailrace::config {

uint64_t ShareOfMemory(double percentage, uint64_t total_bytes) {
  const double bytes = static_cast<double>(total_bytes) * percentage / 100;
  return (static_cast<uint64_t>(bytes) >> 20) << 20;
}

Schema<MemoryLimiter> MemoryLimiterOptions() {
  using M = MemoryLimiter;
  constexpr char kNoSpike[] = "Tailrace's memory is taken from a fixed budget, which does not spike";
  Schema<M> schema;
  schema
      .Value("limit_mib", &M::limit_bytes, uint64_t{0}, Mebibytes(0, 1 << 30),
             "Mapped to service::tailrace::memory_budget_mib where that is not set.")
      .Value("limit_percentage", &M::limit_percentage, 0.0, Numbers(0, 100),
             "Mapped to the budget as a share of the memory that the process may use, where limit_mib is not set.")
      .NoEffect("spike_limit_mib", kNoSpike)
      .NoEffect("spike_limit_percentage", kNoSpike)
      .NoEffect("check_interval", "the budget is checked with every request")
      .NoEffect("min_gc_interval_when_soft_limited", "there is no garbage collector")
      .NoEffect("min_gc_interval_when_hard_limited", "there is no garbage collector")
      .Checked([](const M& limiter, const Node& node, const Scope& scope) {
        if (limiter.limit_bytes != 0 || limiter.limit_percentage > 0) return;
        scope.Fail(node.where, "one of limit_mib and limit_percentage must be set");
      });
  return schema;
}

}  // namespace tailrace::config

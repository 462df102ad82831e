#include <algorithm>

#include "collector/exporters/balancing/dns_resolver.h"
#include "collector/exporters/balancing/k8s_resolver.h"
#include "collector/exporters/balancing/member_resolver.h"

namespace tailrace {
namespace {

class StaticResolver final : public MemberResolver {
 public:
  explicit StaticResolver(const config::StaticResolverConfig& config) : names_(config.hostnames) {
    std::sort(names_.begin(), names_.end());
  }

  const char* name() const override { return "static"; }
  absl::Status Start(OnMembers on_members) override {
    counts_.ok.fetch_add(1, std::memory_order_relaxed);
    on_members(names_);
    return absl::OkStatus();
  }
  void Stop() override {}
  const ResolutionCounts& counts() const override { return counts_; }

 private:
  std::vector<std::string> names_;
  ResolutionCounts counts_;
};

}  // namespace

std::unique_ptr<MemberResolver> MakeResolver(const config::ResolverConfig& config, const std::string& component,
                                             Logger& logger, const Clock& clock) {
  if (config.dns.enabled) return MakeDnsResolver(config.dns, MakeSystemLookup(), component, logger, clock);
  if (config.k8s.enabled) return MakeK8sResolver(config.k8s, component, logger, clock);
  return std::make_unique<StaticResolver>(config.fixed);
}

}  // namespace tailrace

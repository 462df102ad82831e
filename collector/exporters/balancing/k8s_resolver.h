// The resolver `k8s`: the ready endpoints of a Service are the members. Its EndpointSlices are listed once and watched
// from then on; RBAC: get, list and watch of endpointslices (discovery.k8s.io) in the Service's namespace.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "collector/exporters/balancing/member_resolver.h"

namespace tailrace {

std::unique_ptr<MemberResolver> MakeK8sResolver(const config::K8sResolverConfig& config, const std::string& component,
                                                Logger& logger, const Clock& clock);

}  // namespace tailrace

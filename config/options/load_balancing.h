// The parts of the load-balancing exporter's options.
#pragma once

#include "config/options/options.h"

namespace tailrace::config {

Schema<ResolverConfig> ResolverOptions();
// Whether it is a host or host:port, or a URL of one.
bool CanBeDialled(const std::string& hostname);

}  // namespace tailrace::config

// The parts of the load-balancing exporter's options.
#pragma once

#include "config/options/options.h"

namespace tailrace::config {

Schema<ResolverConfig> ResolverOptions();

}  // namespace tailrace::config

// The options that the exporters to a backend have in common.
#pragma once

#include <string>
#include <vector>

#include "config/options/options.h"

namespace tailrace::config {

// Where the exporters differ.
struct BackendDefaults {
  Duration timeout;
  std::vector<std::string> compressions;
};

Schema<TlsClientConfig> TlsOptions();
Schema<BackendConfig> BackendOptions(BackendDefaults defaults);

}  // namespace tailrace::config

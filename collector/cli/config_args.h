// The configuration's part of the command line: --config and --set, as the Collector takes them, and --feature-gates,
// which is accepted and has no effect; for the daemon also --core-dumps.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/load.h"

namespace tailrace {

struct ConfigArgs {
  std::optional<config::Config> config;
  int exit_code = 0;  // where there is no config
};

// Parses `args`, forbids core dumps unless --core-dumps is among them, loads, and writes every problem to standard
// error. `verb` is for the help text; empty: none.
ConfigArgs LoadFromArgs(const std::string& verb, const std::vector<std::string>& args);

}  // namespace tailrace

// The verbs that look at a configuration without running it.
#include <iostream>

#include "collector/cli/config_args.h"
#include "collector/cli/verbs.h"

namespace tailrace {

int ValidateMain(const std::vector<std::string>& args) {
  const ConfigArgs loaded = LoadFromArgs("validate", args);
  if (!loaded.config.has_value()) return loaded.exit_code;
  for (const std::string& warning : loaded.config->warnings) std::cerr << "Warning: " << warning << "\n";
  return 0;
}

int PrintConfigMain(const std::vector<std::string>& args) {
  const ConfigArgs loaded = LoadFromArgs("print-config", args);
  if (!loaded.config.has_value()) return loaded.exit_code;
  std::cout << config::Print(*loaded.config);
  return 0;
}

int ComponentsMain(const std::vector<std::string>& args) {
  if (!args.empty()) {
    std::cerr << "Error: `tailrace components` takes no arguments\n";
    return 2;
  }
  std::cout << config::ListComponents();
  return 0;
}

}  // namespace tailrace

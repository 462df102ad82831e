#include "collector/cli/environment.h"

#include <cstdlib>

namespace tailrace {

std::optional<std::string> Environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace tailrace

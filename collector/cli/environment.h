// The environment, read in this one place. Any thread, as long as nobody changes it, and nobody does.
#pragma once

#include <optional>
#include <string>

namespace tailrace {

std::optional<std::string> Environment(const std::string& name);

}  // namespace tailrace

// What a policy's `type` is called. Pure; any thread.
#pragma once

#include <string>

#include "config/model.h"

namespace tailrace::config {

// "latency", "and" ...
std::string PolicyTypeName(const PolicyConfig& policy);

}  // namespace tailrace::config

// The one list of policies: from a configured rule to the object that judges by it.
#pragma once

#include <memory>

#include "config/model.h"
#include "processors/policy.h"

namespace tailrace {

// The configuration has been validated, so this cannot fail.
std::unique_ptr<Policy> MakePolicy(const config::PolicyConfig& config);

}  // namespace tailrace

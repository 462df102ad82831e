// RuleText: what a policy asks for, in words: "latency of more than 500 ms". Pure; any thread.
#pragma once

#include <string>

#include "config/model.h"

namespace tailrace {

// On one line, shortened to kShownTextMax bytes.
std::string RuleText(const config::PolicyConfig& policy);

}  // namespace tailrace

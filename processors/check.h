// CheckPolicies: what of a configuration only the policies themselves can judge: every regular expression and every
// OTTL condition is compiled once, before anything starts.
//
// Pure; any thread.
#pragma once

#include <vector>

#include "config/load.h"
#include "config/model.h"

namespace tailrace {

// In the order of the configuration, each with the place of the expression that does not compile; at most 1000.
std::vector<config::Problem> CheckPolicies(const config::Config& config);

}  // namespace tailrace

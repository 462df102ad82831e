// A SizePlan for people, with its sums written out and a piece of configuration, and as JSON. Pure.
#pragma once

#include <string>

#include "collector/cli/size_plan.h"

namespace tailrace {

std::string SizeText(const Traffic& traffic, const SizePlan& plan);
std::string SizeJson(const Traffic& traffic, const SizePlan& plan);
// YAML to put into the configuration of each instance, or to give as a further --config.
std::string SizeConfig(const Traffic& traffic, const SizePlan& plan);

}  // namespace tailrace

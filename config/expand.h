// `${env:NAME}`, `${NAME}`, `${env:NAME:-default}`, `${file:PATH}`, `${yaml:TEXT}` and `$$` in the values of a tree.
// A value that is one expansion as a whole is read as YAML, so that it may be a number, a list or a map; an expansion
// inside of other text is text. Bounded: expansions in all, bytes in all, and depth.
#pragma once

#include "config/load.h"
#include "config/node.h"
#include "config/report.h"

namespace tailrace::config {

inline constexpr size_t kExpansionsMax = 1000;  // for one value, as the Collector

void Expand(const LoadInput& input, Report* report, Node* root);

}  // namespace tailrace::config

// What `tailrace top` shows, as lines: the daemon as a whole, its policies, its exporters, and the costliest operations
// of all traffic. Rates are of the time between the two samples. Names are made printable. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "collector/cli/top_sample.h"

namespace tailrace {

struct TopSpace {
  size_t columns = 120;
  size_t rows = 40;
  bool color = false;
};

// `rows` lines at most.
std::vector<std::string> TopLines(const TopSample& before, const TopSample& now, const TopSpace& space);

// The daemon as a whole on one line, for an output that is no terminal.
std::string TopLine(const TopSample& before, const TopSample& now);

}  // namespace tailrace

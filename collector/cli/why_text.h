// What /api/v1/why answers, as text: the sentence, then for each pipeline the state, the policy, and every policy's
// vote with its rule and what it looked at. Names are made printable. Pure.
#pragma once

#include <string>

#include "collector/cli/api_answers.h"

namespace tailrace {

std::string WhyText(const ApiWhy& why, size_t columns, bool color);

// Some pipeline has the trace, or had it and still knows why.
bool IsKnown(const ApiWhy& why);

}  // namespace tailrace

// What the Collector refuses at start of the literals among a call's arguments: those that the parameter's getter would
// refuse at every evaluation.
#pragma once

#include <string>

#include "processors/ottl/function.h"

namespace tailrace::ottl {

// Empty, or what is wrong with a constant as an argument of that type.
std::string CheckLiteral(const Expression& literal, ParameterType type);

}  // namespace tailrace::ottl

// Values as Go's fmt package writes them. Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "processors/ottl/value.h"

namespace tailrace::ottl {

// fmt.Sprintf: flags, width, precision, argument indexes and `*`; %v %d %s %q %x %X %f %F %e %E %g %G %t %c %b %o %O %U
// %T. A width or precision above a million is bad, as in Go.
std::string GoFormat(std::string_view format, std::span<const Value> values);

// `%v` of one value.
void AppendGoValue(const Value& value, std::string* text);

}  // namespace tailrace::ottl

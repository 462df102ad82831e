// What values are called in errors: the Collector's words, which are Go's.
#pragma once

#include <string_view>

#include "processors/ottl/value.h"
#include "proto/any_value.h"

namespace tailrace::ottl {

std::string_view TypeName(const Value& value);
std::string_view TypeName(AnyKind kind);

}  // namespace tailrace::ottl

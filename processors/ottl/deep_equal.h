// Equality of maps and lists. The Collector has two: that of attribute values among themselves, where the order of a
// map's entries does not matter; and Go's, where one side at least was made by a function or a literal, and an
// attribute value is first turned into Go's types.
//
// Pure; any thread.
#pragma once

#include "processors/ottl/value.h"

namespace tailrace::ottl {

// Both of attributes.
bool PdataEqual(const Value& left, const Value& right);
// `*_raw`: attribute maps and lists within are taken for Go's.
bool GoEqual(const Value& left, bool left_raw, const Value& right, bool right_raw);

}  // namespace tailrace::ottl

// A value that a function or a literal made, as an attribute's value: Go's own maps and lists become those of the
// Collector's data model, and what cannot be in one is an error.
#pragma once

#include "processors/ottl/expression.h"

namespace tailrace::ottl {

// Where the value stands: a literal map takes maps that are an attribute's already as its own values and in their
// lists, and nowhere else; no list of that kind anywhere.
enum class PdataLevel : uint8_t { kOfLiteralMap, kInList, kInside };

// Null data of the arena, or a value that has no place there, fails the evaluation.
bool ToPdata(const Value& value, PdataLevel level, Evaluation* evaluation, Value* result);
// The other way: maps and lists of attributes as Go's own, all through.
bool ToRaw(const Value& value, Evaluation* evaluation, Value* result);

}  // namespace tailrace::ottl

// Arithmetic by Go's rules: ints wrap, division of ints cuts towards 0, an int beside a float becomes one, times and
// durations add and subtract, and division by 0 is an error.
//
// Pure but for the evaluation's arena and error.
#pragma once

#include "processors/ottl/expression.h"

namespace tailrace::ottl {

// `op`: + - * /
bool Calculate(const Value& left, char op, const Value& right, Evaluation* evaluation, Value* result);
bool Negate(const Value& value, Evaluation* evaluation, Value* result);

// The nanoseconds from `right` to `left`, at the end of the range where they would leave it.
int64_t TimeDifference(const Time& left, const Time& right);

}  // namespace tailrace::ottl

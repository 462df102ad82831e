// Comparison of any two values by the Collector's rules: values of different kinds are unequal and never ordered, ints
// and floats compare as numbers, nil equals nil only, maps and lists are compared whole.
//
// Pure; any thread; never fails.
#pragma once

#include <cstdint>
#include <string_view>

#include "processors/ottl/value.h"

namespace tailrace::ottl {

enum class Comparison : uint8_t { kEqual, kNotEqual, kLess, kLessEqual, kGreaterEqual, kGreater };

// The operator as it is written.
Comparison ComparisonOf(std::string_view text);
// The operator that answers the same with its sides exchanged.
Comparison Mirrored(Comparison op);

bool Compare(const Value& left, const Value& right, Comparison op);

// Of two that can be ordered; all false but != for NaN.
template <typename T>
bool ComparePrimitives(const T& left, const T& right, Comparison op) {
  switch (op) {
    case Comparison::kEqual:
      return left == right;
    case Comparison::kNotEqual:
      return left != right;
    case Comparison::kLess:
      return left < right;
    case Comparison::kLessEqual:
      return left <= right;
    case Comparison::kGreaterEqual:
      return left >= right;
    case Comparison::kGreater:
      return left > right;
  }
  return false;
}

}  // namespace tailrace::ottl

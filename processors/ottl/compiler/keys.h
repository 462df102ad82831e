// Keys: what stands in the brackets behind a path, a function's answer or a lambda's parameter, and how it finds its
// way into maps and lists.
//
// The Collector treats the two cases differently: in attributes a missing key is nil, in what a function made it is an
// error. Immutable; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "processors/ottl/expression.h"

namespace tailrace::ottl {

struct Key {
  enum class Type : uint8_t { kString, kInt, kExpression };
  Type type = Type::kString;
  std::string text;
  int64_t number = 0;
  std::unique_ptr<Expression> expression;
};
using Keys = std::vector<Key>;

// As the key of a map: a string, literal or evaluated.
bool StringKey(const Key& key, Evaluation* evaluation, std::string_view* result);
// Of an attribute's AnyValue message (null data: nil).
bool IndexWire(std::string_view any_value, std::span<const Key> keys, Evaluation* evaluation, Value* result);
// Of a value already made.
bool IndexValue(const Value& value, std::span<const Key> keys, Evaluation* evaluation, Value* result);

}  // namespace tailrace::ottl

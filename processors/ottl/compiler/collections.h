// Literals: single ones, and lists and maps of expressions, which are folded into one value where all within is
// literal.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "processors/ottl/expression.h"

namespace tailrace::ottl {

// A value known at start, with what it points to.
class ConstantExpression : public Expression {
 public:
  explicit ConstantExpression(const Value& value) : value_(value) {}
  ConstantExpression(Kind kind, std::string text) : text_(std::move(text)), value_(Value::Text(kind, text_)) {}
  // `memory`: of what the value points to.
  ConstantExpression(const Value& value, std::unique_ptr<Evaluation> memory)
      : memory_(std::move(memory)), value_(value) {}

  bool Evaluate(Evaluation*, Value* result) const override {
    *result = value_;
    return true;
  }
  const Value* constant() const override { return &value_; }

 private:
  std::string text_;
  std::unique_ptr<Evaluation> memory_;
  Value value_;
};

// `[a, b]`: what Go calls []any.
std::unique_ptr<Expression> MakeList(std::vector<std::unique_ptr<Expression>> items, std::string* error);
// `{"a": b}`: a map of attribute values. Where a key comes twice the last counts. Null with `error` where all is
// literal and something within cannot be an attribute's value.
std::unique_ptr<Expression> MakeMap(std::vector<std::string> names, std::vector<std::unique_ptr<Expression>> values,
                                    std::string* error);

}  // namespace tailrace::ottl

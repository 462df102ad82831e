// Call(): an Expression from a callable, so that a function of the table is one lambda.
#pragma once

#include <memory>
#include <utility>

#include "processors/ottl/function.h"

namespace tailrace::ottl {

template <typename Run>
class CallExpression final : public Expression {
 public:
  explicit CallExpression(Run run) : run_(std::move(run)) {}
  bool Evaluate(Evaluation* evaluation, Value* result) const override { return run_(evaluation, result); }

 private:
  Run run_;
};

// `run`: bool(Evaluation*, Value* result), false after Evaluation::Fail. It owns the arguments that it captured.
template <typename Run>
std::unique_ptr<Expression> Call(Run run) {
  return std::make_unique<CallExpression<Run>>(std::move(run));
}

}  // namespace tailrace::ottl

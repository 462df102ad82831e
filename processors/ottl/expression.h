// Expression: one compiled piece of a condition that yields a Value; Evaluation: the span (and event) it is asked of.
// Expressions are built once, then immutable but for caches of their own; single-writer.
#pragma once

#include <string>
#include <string_view>

#include "processors/ottl/arena.h"
#include "processors/ottl/value.h"
#include "processors/spans/span_view.h"

namespace tailrace::ottl {

class Evaluation {
 public:
  SpanView* span = nullptr;  // with its event set, where the condition is of span events
  Arena arena;
  // Values of the lambda parameters in reach, by their number; the compiler sizes and numbers them.
  Value locals[8];

  // Notes why the evaluation failed, for the log; always false. Costs a copy of a short text.
  bool Fail(std::string_view why) {
    error.assign(why.substr(0, 200));
    return false;
  }
  std::string error;
};

class Expression {
 public:
  virtual ~Expression() = default;
  // False: an error, noted with Evaluation::Fail.
  virtual bool Evaluate(Evaluation* evaluation, Value* result) const = 0;
  // The value where it is known at start, else null.
  virtual const Value* constant() const { return nullptr; }
};

}  // namespace tailrace::ottl

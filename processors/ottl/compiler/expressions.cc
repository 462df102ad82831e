#include "processors/ottl/compiler/expressions.h"

#include <span>

#include "processors/ottl/compiler/math.h"
#include "processors/ottl/compiler/trace_state.h"

namespace tailrace::ottl {

bool AttributeExpression::Evaluate(Evaluation* evaluation, Value* result) const {
  return IndexWire(AttributeBytes(source_, slot_, evaluation->span), rest_, evaluation, result);
}

bool ComputedAttributeExpression::Evaluate(Evaluation* evaluation, Value* result) const {
  std::string_view key;
  if (!StringKey(keys_[0], evaluation, &key)) return false;
  return IndexWire(FindAttribute(source_, key, evaluation->span), std::span(keys_).subspan(1), evaluation, result);
}

bool TraceStateExpression::Evaluate(Evaluation* evaluation, Value* result) const {
  std::string_view value;
  if (!FindInTraceState(evaluation->span->fields().trace_state, key_.text, &value)) {
    *result = Value::Nil();
    return true;
  }
  if (key_.type != Key::Type::kString) return evaluation->Fail("trace_state is indexed by a literal string");
  *result = Value::String(value);
  return true;
}

bool EmptyMapKeyExpression::Evaluate(Evaluation* evaluation, Value* result) const {
  std::string_view key;
  *result = Value::Nil();
  return StringKey(keys_[0], evaluation, &key);
}

bool IndexedExpression::Evaluate(Evaluation* evaluation, Value* result) const {
  Value value;
  return base_->Evaluate(evaluation, &value) && IndexValue(value, keys_, evaluation, result);
}

bool MathExpression::Evaluate(Evaluation* evaluation, Value* result) const {
  Value left;
  Value right;
  if (!left_->Evaluate(evaluation, &left) || !right_->Evaluate(evaluation, &right)) return false;
  return Calculate(left, op_, right, evaluation, result);
}

bool NegateExpression::Evaluate(Evaluation* evaluation, Value* result) const {
  Value value;
  return base_->Evaluate(evaluation, &value) && Negate(value, evaluation, result);
}

}  // namespace tailrace::ottl

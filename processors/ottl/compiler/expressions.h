// The expressions that paths, locals, keys and arithmetic compile to. Some show what they are made of, so that a
// program can do the common comparisons in place.
//
// Immutable; any thread, as far as what they contain is.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "processors/ottl/compiler/fields.h"
#include "processors/ottl/compiler/from_wire.h"
#include "processors/ottl/compiler/keys.h"
#include "processors/ottl/expression.h"

namespace tailrace::ottl {

class FieldExpression : public Expression {
 public:
  explicit FieldExpression(Field field) : field_(field) {}
  bool Evaluate(Evaluation* evaluation, Value* result) const override { return ReadField(field_, evaluation, result); }
  Field field() const { return field_; }

 private:
  Field field_;
};

// `attributes["a"]["b"]`: `slot` is the AttributeKeys number of the first key, the others follow.
class AttributeExpression : public Expression {
 public:
  AttributeExpression(Source source, uint32_t slot, Keys rest) : source_(source), slot_(slot), rest_(std::move(rest)) {}
  bool Evaluate(Evaluation* evaluation, Value* result) const override;

  Source source() const { return source_; }
  uint32_t slot() const { return slot_; }
  bool is_nested() const { return !rest_.empty(); }

 private:
  Source source_;
  uint32_t slot_;
  Keys rest_;
};

// The attribute as an AnyValue message; null data where it is missing.
inline std::string_view AttributeBytes(Source source, uint32_t slot, SpanView* span) {
  switch (source) {
    case Source::kSpan:
      return span->SpanAttribute(slot);
    case Source::kResource:
      return span->ResourceAttribute(slot);
    case Source::kScope:
      return span->ScopeAttribute(slot);
    case Source::kEvent:
      return span->EventAttribute(slot);
  }
  return {};
}

// `attributes[name]`: the first key is known when the span is.
class ComputedAttributeExpression : public Expression {
 public:
  ComputedAttributeExpression(Source source, Keys keys) : source_(source), keys_(std::move(keys)) {}
  bool Evaluate(Evaluation* evaluation, Value* result) const override;

 private:
  Source source_;
  Keys keys_;
};

// `attributes`
class AllAttributesExpression : public Expression {
 public:
  explicit AllAttributesExpression(Source source) : source_(source) {}
  bool Evaluate(Evaluation* evaluation, Value* result) const override {
    return AttributesFromWire(source_, evaluation, result);
  }

 private:
  Source source_;
};

// `trace_state["vendor"]`
class TraceStateExpression : public Expression {
 public:
  explicit TraceStateExpression(Key key) : key_(std::move(key)) {}
  bool Evaluate(Evaluation* evaluation, Value* result) const override;

 private:
  Key key_;
};

// `cache["x"]`: of a map that is always empty.
class EmptyMapKeyExpression : public Expression {
 public:
  explicit EmptyMapKeyExpression(Keys keys) : keys_(std::move(keys)) {}
  bool Evaluate(Evaluation* evaluation, Value* result) const override;

 private:
  Keys keys_;
};

// A lambda's parameter, by its number in Evaluation::locals.
class LocalExpression : public Expression {
 public:
  explicit LocalExpression(uint32_t number) : number_(number) {}
  bool Evaluate(Evaluation* evaluation, Value* result) const override {
    *result = evaluation->locals[number_];
    return true;
  }

 private:
  uint32_t number_;
};

// What a call or a local yields, indexed.
class IndexedExpression : public Expression {
 public:
  IndexedExpression(std::unique_ptr<Expression> base, Keys keys) : base_(std::move(base)), keys_(std::move(keys)) {}
  bool Evaluate(Evaluation* evaluation, Value* result) const override;

 private:
  std::unique_ptr<Expression> base_;
  Keys keys_;
};

class MathExpression : public Expression {
 public:
  MathExpression(std::unique_ptr<Expression> left, char op, std::unique_ptr<Expression> right)
      : left_(std::move(left)), right_(std::move(right)), op_(op) {}
  bool Evaluate(Evaluation* evaluation, Value* result) const override;

  const Expression& left() const { return *left_; }
  const Expression& right() const { return *right_; }
  char op() const { return op_; }

 private:
  std::unique_ptr<Expression> left_;
  std::unique_ptr<Expression> right_;
  char op_;
};

class NegateExpression : public Expression {
 public:
  explicit NegateExpression(std::unique_ptr<Expression> base) : base_(std::move(base)) {}
  bool Evaluate(Evaluation* evaluation, Value* result) const override;

 private:
  std::unique_ptr<Expression> base_;
};

}  // namespace tailrace::ottl

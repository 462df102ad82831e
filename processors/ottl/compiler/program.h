// Program: a condition as a flat list of tests. Each test names the test to go to for yes and for no, so that `and`,
// `or` and `not` cost nothing when it runs. The common comparisons are done in place, all others on two operands.
//
// Built once by Link(), then immutable; as thread-safe as its operands.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "processors/ottl/compare.h"
#include "processors/ottl/compiler/fields.h"
#include "processors/ottl/compiler/from_wire.h"
#include "processors/ottl/expression.h"
#include "processors/spans/span_questions.h"

namespace tailrace::ottl {

enum class TestKind : uint8_t {
  kAttributeNil,  // an attribute beside a literal
  kAttributeBool,
  kAttributeInt,
  kAttributeDouble,
  kAttributeString,
  kTextField,   // a field beside a literal string
  kIntField,    // a field beside a literal int
  kDurationNs,  // end_time - start_time, beside a duration
  kElapsedNs,   // end_time_unix_nano - start_time_unix_nano, beside an int
  kCompare,     // two operands
  kTruth,       // one operand, which must yield a bool
};

struct Test {
  TestKind kind = TestKind::kTruth;
  Comparison op = Comparison::kEqual;
  Source source = Source::kSpan;
  Field field = Field::kNone;
  uint32_t slot = 0;  // of the attribute
  const Expression* left = nullptr;
  const Expression* right = nullptr;
  Value literal;
  uint32_t on_yes = 0;
  uint32_t on_no = 0;
};

// A condition before its tests are put in a row.
struct Branch {
  enum class Type : uint8_t { kConstant, kTest, kAnd, kOr, kNot };
  Type type = Type::kConstant;
  bool value = false;  // kConstant
  Test test;           // kTest
  std::vector<Branch> children;
};

// The Collector's simplifications: an `and` with a constant false is false, whatever errors its other parts would have
// met; an `or` with a constant true is true.
Branch MakeBranch(Branch::Type type, std::vector<Branch> children);

class Program {
 public:
  // `operands`: what the tests point to.
  static Program Link(const Branch& root, std::vector<std::unique_ptr<Expression>> operands);

  Answer Run(Evaluation* evaluation) const;
  // Null, or the answer for every span.
  const bool* constant() const { return tests_.empty() ? &constant_ : nullptr; }

 private:
  static constexpr uint32_t kNo = UINT32_MAX - 1;
  static constexpr uint32_t kYes = UINT32_MAX;

  uint32_t Emit(const Branch& branch, uint32_t on_yes, uint32_t on_no);
  static Answer Ask(const Test& test, Evaluation* evaluation);

  std::vector<Test> tests_;
  std::vector<std::unique_ptr<Expression>> operands_;
  bool constant_ = false;
};

// A condition where a value is wanted: the body of a lambda.
class ProgramExpression : public Expression {
 public:
  explicit ProgramExpression(Program program);
  bool Evaluate(Evaluation* evaluation, Value* result) const override;
  const Value* constant() const override { return program_.constant() != nullptr ? &constant_ : nullptr; }

 private:
  Program program_;
  Value constant_;
};

}  // namespace tailrace::ottl

#include "processors/ottl/compiler/program.h"

#include <algorithm>
#include <string>
#include <utility>

#include "processors/ottl/compiler/expressions.h"
#include "processors/ottl/names.h"
#include "proto/any_value.h"

namespace tailrace::ottl {
namespace {

Answer ToAnswer(bool yes) { return yes ? Answer::kYes : Answer::kNo; }

bool CompareAttribute(const Test& test, const AnyValue& value) {
  switch (test.kind) {
    case TestKind::kAttributeBool:
      if (value.kind != AnyKind::kBool) break;
      return ComparePrimitives(value.boolean, test.literal.boolean, test.op);
    case TestKind::kAttributeInt:
      if (value.kind == AnyKind::kInt) return ComparePrimitives(value.integer, test.literal.integer, test.op);
      if (value.kind != AnyKind::kDouble) break;
      return ComparePrimitives(value.number, static_cast<double>(test.literal.integer), test.op);
    case TestKind::kAttributeDouble:
      if (value.kind == AnyKind::kDouble) return ComparePrimitives(value.number, test.literal.number, test.op);
      if (value.kind != AnyKind::kInt) break;
      return ComparePrimitives(static_cast<double>(value.integer), test.literal.number, test.op);
    case TestKind::kAttributeString:
      if (value.kind != AnyKind::kString) break;
      return ComparePrimitives(value.bytes, test.literal.view(), test.op);
    default: {
      // Nil; empty bytes are nil too.
      const bool nil = value.kind == AnyKind::kEmpty || (value.kind == AnyKind::kBytes && value.bytes.empty());
      if (test.op == Comparison::kNotEqual) return !nil;
      return nil && test.op != Comparison::kLess && test.op != Comparison::kGreater;
    }
  }
  return test.op == Comparison::kNotEqual;
}

// End minus start of signed times, held at the ends of the range.
int64_t DurationOf(const SpanFields& fields) {
  const auto start = static_cast<int64_t>(fields.start_ns);
  const auto end = static_cast<int64_t>(fields.end_ns);
  int64_t ns = 0;
  if (__builtin_sub_overflow(end, start, &ns)) return end < start ? INT64_MIN : INT64_MAX;
  return ns;
}

}  // namespace

Branch MakeBranch(Branch::Type type, std::vector<Branch> children) {
  Branch made;
  if (type == Branch::Type::kNot) {
    if (children[0].type == Branch::Type::kConstant) {
      made.value = !children[0].value;
      return made;
    }
    made.type = type;
    made.children = std::move(children);
    return made;
  }
  const bool decides = type == Branch::Type::kOr;
  for (Branch& child : children) {
    if (child.type != Branch::Type::kConstant) {
      made.children.push_back(std::move(child));
    } else if (child.value == decides) {
      made.children.clear();
      made.value = decides;
      return made;
    }
  }
  if (made.children.empty()) {
    made.value = !decides;
  } else if (made.children.size() == 1) {
    return Branch(std::move(made.children[0]));
  } else {
    made.type = type;
  }
  return made;
}

Program Program::Link(const Branch& root, std::vector<std::unique_ptr<Expression>> operands) {
  Program program;
  program.operands_ = std::move(operands);
  if (root.type == Branch::Type::kConstant) {
    program.constant_ = root.value;
    return program;
  }
  program.Emit(root, kYes, kNo);
  // The last test was put down first.
  const auto count = static_cast<uint32_t>(program.tests_.size());
  std::reverse(program.tests_.begin(), program.tests_.end());
  for (Test& test : program.tests_) {
    if (test.on_yes < kNo) test.on_yes = count - 1 - test.on_yes;
    if (test.on_no < kNo) test.on_no = count - 1 - test.on_no;
  }
  return program;
}

// From the end to the beginning, so that where a test goes to is known when it is put down. Returns its first test.
uint32_t Program::Emit(const Branch& branch, uint32_t on_yes, uint32_t on_no) {
  if (branch.type == Branch::Type::kNot) return Emit(branch.children[0], on_no, on_yes);
  if (branch.type == Branch::Type::kTest) {
    Test test = branch.test;
    test.on_yes = on_yes;
    test.on_no = on_no;
    tests_.push_back(test);
    return static_cast<uint32_t>(tests_.size() - 1);
  }
  const bool is_and = branch.type == Branch::Type::kAnd;
  uint32_t next = Emit(branch.children.back(), on_yes, on_no);
  for (size_t i = branch.children.size() - 1; i-- > 0;) {
    next = is_and ? Emit(branch.children[i], next, on_no) : Emit(branch.children[i], on_yes, next);
  }
  return next;
}

Answer Program::Run(Evaluation* evaluation) const {
  if (tests_.empty()) return ToAnswer(constant_);
  uint32_t at = 0;
  while (at < kNo) {
    const Test& test = tests_[at];
    const Answer answer = Ask(test, evaluation);
    if (answer == Answer::kError) return answer;
    at = answer == Answer::kYes ? test.on_yes : test.on_no;
  }
  return ToAnswer(at == kYes);
}

Answer Program::Ask(const Test& test, Evaluation* evaluation) {
  switch (test.kind) {
    case TestKind::kAttributeNil:
    case TestKind::kAttributeBool:
    case TestKind::kAttributeInt:
    case TestKind::kAttributeDouble:
    case TestKind::kAttributeString:
      return ToAnswer(CompareAttribute(test, ReadAnyValue(AttributeBytes(test.source, test.slot, evaluation->span))));
    case TestKind::kTextField:
      return ToAnswer(ComparePrimitives(ReadTextField(test.field, evaluation->span), test.literal.view(), test.op));
    case TestKind::kIntField:
      return ToAnswer(ComparePrimitives(ReadIntField(test.field, evaluation->span), test.literal.integer, test.op));
    case TestKind::kDurationNs:
      return ToAnswer(ComparePrimitives(DurationOf(evaluation->span->fields()), test.literal.integer, test.op));
    case TestKind::kElapsedNs: {
      const SpanFields& fields = evaluation->span->fields();
      const auto ns = static_cast<int64_t>(fields.end_ns - fields.start_ns);
      return ToAnswer(ComparePrimitives(ns, test.literal.integer, test.op));
    }
    case TestKind::kCompare: {
      Value left;
      Value right;
      if (!test.left->Evaluate(evaluation, &left) || !test.right->Evaluate(evaluation, &right)) return Answer::kError;
      return ToAnswer(Compare(left, right, test.op));
    }
    case TestKind::kTruth: {
      Value value;
      if (!test.left->Evaluate(evaluation, &value)) return Answer::kError;
      if (value.is(Kind::kBool)) return ToAnswer(value.boolean);
      evaluation->Fail("a function that stands as a condition must yield a bool, found " +
                       std::string(TypeName(value)));
      return Answer::kError;
    }
  }
  return Answer::kError;
}

ProgramExpression::ProgramExpression(Program program) : program_(std::move(program)) {
  if (program_.constant() != nullptr) constant_ = Value::Bool(*program_.constant());
}

bool ProgramExpression::Evaluate(Evaluation* evaluation, Value* result) const {
  const Answer answer = program_.Run(evaluation);
  *result = Value::Bool(answer == Answer::kYes);
  return answer != Answer::kError;
}

}  // namespace tailrace::ottl

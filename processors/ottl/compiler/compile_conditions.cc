#include <string>

#include "processors/ottl/compiler/compiler.h"
#include "processors/ottl/compiler/expressions.h"

namespace tailrace::ottl {
namespace {

bool IsField(const Expression& expression, Field field) {
  const auto* read = dynamic_cast<const FieldExpression*>(&expression);
  return read != nullptr && read->field() == field;
}

bool IsDifference(const Expression& expression, Field left, Field right) {
  const auto* math = dynamic_cast<const MathExpression*>(&expression);
  return math != nullptr && math->op() == '-' && IsField(math->left(), left) && IsField(math->right(), right);
}

bool AttributeTest(const Expression& expression, const Value& literal, Test* test) {
  const auto* attribute = dynamic_cast<const AttributeExpression*>(&expression);
  if (attribute == nullptr || attribute->is_nested()) return false;
  switch (literal.kind) {
    case Kind::kNil:
      test->kind = TestKind::kAttributeNil;
      break;
    case Kind::kBool:
      test->kind = TestKind::kAttributeBool;
      break;
    case Kind::kInt:
      test->kind = TestKind::kAttributeInt;
      break;
    case Kind::kDouble:
      test->kind = TestKind::kAttributeDouble;
      break;
    case Kind::kString:
      test->kind = TestKind::kAttributeString;
      break;
    default:
      return false;
  }
  test->source = attribute->source();
  test->slot = attribute->slot();
  return true;
}

bool FieldTest(const Expression& expression, const Value& literal, Test* test) {
  const auto* field = dynamic_cast<const FieldExpression*>(&expression);
  if (field == nullptr) return false;
  test->field = field->field();
  if (literal.is(Kind::kString) && IsTextField(test->field)) {
    test->kind = TestKind::kTextField;
    return true;
  }
  if (literal.is(Kind::kInt) && IsIntField(test->field)) {
    test->kind = TestKind::kIntField;
    return true;
  }
  return false;
}

// The comparisons that a program does in place.
bool FastTest(const Expression& expression, const Value* literal, Comparison op, Test* test) {
  if (literal == nullptr) return false;
  test->op = op;
  test->literal = *literal;
  if (AttributeTest(expression, *literal, test) || FieldTest(expression, *literal, test)) return true;
  if (literal->is(Kind::kDuration) && IsDifference(expression, Field::kEndTime, Field::kStartTime)) {
    test->kind = TestKind::kDurationNs;
    return true;
  }
  if (literal->is(Kind::kInt) && IsDifference(expression, Field::kEndTimeNs, Field::kStartTimeNs)) {
    test->kind = TestKind::kElapsedNs;
    return true;
  }
  return false;
}

}  // namespace

bool Compiler::CompileProgram(const Node& node, Program* program) {
  std::vector<ExpressionPtr> operands;
  Branch root;
  if (!CompileBranch(node, &operands, &root)) return false;
  *program = Program::Link(root, std::move(operands));
  return true;
}

bool Compiler::CompileChildren(const Node& node, std::vector<ExpressionPtr>* operands, std::vector<Branch>* children) {
  children->resize(node.children.size());
  for (size_t i = 0; i < node.children.size(); ++i) {
    if (!CompileBranch(node.children[i], operands, &(*children)[i])) return false;
  }
  return true;
}

bool Compiler::CompileBranch(const Node& node, std::vector<ExpressionPtr>* operands, Branch* branch) {
  std::vector<Branch> children;
  switch (node.kind) {
    case NodeKind::kBool:
      branch->value = node.integer != 0;
      return true;
    case NodeKind::kComparison:
      return CompileComparison(node, operands, branch);
    case NodeKind::kNot:
    case NodeKind::kAnd:
    case NodeKind::kOr: {
      if (!CompileChildren(node, operands, &children)) return false;
      const Branch::Type type = node.kind == NodeKind::kNot   ? Branch::Type::kNot
                                : node.kind == NodeKind::kAnd ? Branch::Type::kAnd
                                                              : Branch::Type::kOr;
      *branch = MakeBranch(type, std::move(children));
      return true;
    }
    default: {
      ExpressionPtr truth = CompileValue(node);
      if (truth == nullptr) return false;
      branch->type = Branch::Type::kTest;
      branch->test.kind = TestKind::kTruth;
      branch->test.left = truth.get();
      operands->push_back(std::move(truth));
      return true;
    }
  }
}

bool Compiler::CompileComparison(const Node& node, std::vector<ExpressionPtr>* operands, Branch* branch) {
  ExpressionPtr left = CompileValue(node.children[0]);
  ExpressionPtr right = left == nullptr ? nullptr : CompileValue(node.children[1]);
  if (right == nullptr) return false;
  const Comparison op = ComparisonOf(node.text);
  // As in the Collector, a call is not known before it is made: what stands before it is evaluated first.
  const bool calls = node.children[0].kind == NodeKind::kCall || node.children[1].kind == NodeKind::kCall;
  if (!calls && left->constant() != nullptr && right->constant() != nullptr) {
    branch->value = Compare(*left->constant(), *right->constant(), op);
    return true;
  }
  branch->type = Branch::Type::kTest;
  Test& test = branch->test;
  if (!FastTest(*left, right->constant(), op, &test) && !FastTest(*right, left->constant(), Mirrored(op), &test)) {
    test.kind = TestKind::kCompare;
    test.op = op;
    test.left = left.get();
    test.right = right.get();
  }
  operands->push_back(std::move(left));
  operands->push_back(std::move(right));
  return true;
}

}  // namespace tailrace::ottl

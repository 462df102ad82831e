#include <array>
#include <string>
#include <utility>

#include "config/did_you_mean.h"
#include "processors/ottl/compiler/collections.h"
#include "processors/ottl/compiler/compiler.h"
#include "processors/ottl/compiler/expressions.h"

namespace tailrace::ottl {
namespace {

constexpr std::array<std::pair<std::string_view, int64_t>, 9> kEnums = {{
    {"SPAN_KIND_UNSPECIFIED", 0},
    {"SPAN_KIND_INTERNAL", 1},
    {"SPAN_KIND_SERVER", 2},
    {"SPAN_KIND_CLIENT", 3},
    {"SPAN_KIND_PRODUCER", 4},
    {"SPAN_KIND_CONSUMER", 5},
    {"STATUS_CODE_UNSET", 0},
    {"STATUS_CODE_OK", 1},
    {"STATUS_CODE_ERROR", 2},
}};

std::unique_ptr<Expression> Constant(const Value& value) { return std::make_unique<ConstantExpression>(value); }

}  // namespace

bool Compiler::Fail(Position at, std::string_view why) {
  if (status_.ok()) status_ = ErrorAt(at, why);
  return false;
}

std::unique_ptr<Expression> Compiler::CompileValue(const Node& node) {
  switch (node.kind) {
    case NodeKind::kNil:
      return Constant(Value::Nil());
    case NodeKind::kBool:
      return Constant(Value::Bool(node.integer != 0));
    case NodeKind::kInt:
      return Constant(Value::Int(node.integer));
    case NodeKind::kFloat:
      return Constant(Value::Double(node.number));
    case NodeKind::kString:
      return std::make_unique<ConstantExpression>(Kind::kString, node.text);
    case NodeKind::kBytes:
      return std::make_unique<ConstantExpression>(Kind::kBytes, node.text);
    case NodeKind::kEnum:
      return CompileEnum(node);
    case NodeKind::kPath:
      return CompilePath(node);
    case NodeKind::kCall:
      return CompileCall(node);
    case NodeKind::kMath:
      return CompileMath(node);
    case NodeKind::kNegate:
      return CompileNegation(node);
    case NodeKind::kGroup:
      return CompileValue(node.children[0]);
    case NodeKind::kList:
    case NodeKind::kMap:
      return CompileCollection(node);
    case NodeKind::kLambda:
      return FailNull(node.at, "a lambda can only be an argument of a function that takes one");
    case NodeKind::kFunctionName:
      return FailNull(node.at, "the name of a function can only be an argument of a function that takes one");
    default:
      return FailNull(node.at, "a value is expected here");
  }
}

std::unique_ptr<Expression> Compiler::CompileMath(const Node& node) {
  ExpressionPtr sum = CompileValue(node.children[0]);
  for (size_t i = 1; sum != nullptr && i < node.children.size(); ++i) {
    ExpressionPtr next = CompileValue(node.children[i]);
    if (next == nullptr) return nullptr;
    sum = std::make_unique<MathExpression>(std::move(sum), node.text[i - 1], std::move(next));
  }
  return sum;
}

// The sign of a number belongs to it; anything else is negated when it is known.
std::unique_ptr<Expression> Compiler::CompileNegation(const Node& node) {
  const Node& child = node.children[0];
  if (child.kind == NodeKind::kInt) return Constant(Value::Int(-child.integer));
  if (child.kind == NodeKind::kFloat) return Constant(Value::Double(-child.number));
  ExpressionPtr base = CompileValue(child);
  if (base == nullptr) return nullptr;
  return std::make_unique<NegateExpression>(std::move(base));
}

std::unique_ptr<Expression> Compiler::CompileEnum(const Node& node) {
  std::vector<std::string> names;
  for (const auto& [name, value] : kEnums) {
    if (name == node.text) return Constant(Value::Int(value));
    names.emplace_back(name);
  }
  return FailNull(node.at, "enum symbol " + node.text + " not found" + config::DidYouMean(node.text, names));
}

std::unique_ptr<Expression> Compiler::CompileCollection(const Node& node) {
  std::vector<ExpressionPtr> items;
  for (const Node& child : node.children) {
    items.push_back(CompileValue(child));
    if (items.back() == nullptr) return nullptr;
  }
  std::string error;
  ExpressionPtr made =
      node.kind == NodeKind::kList ? MakeList(std::move(items), &error) : MakeMap(node.names, std::move(items), &error);
  return made == nullptr ? FailNull(node.at, error) : std::move(made);
}

bool Compiler::CompileKeys(const std::vector<Node>& nodes, Keys* keys) {
  for (const Node& node : nodes) {
    Key key;
    if (node.kind == NodeKind::kString) {
      key.text = node.text;
    } else if (node.kind == NodeKind::kInt) {
      key.type = Key::Type::kInt;
      key.number = node.integer;
    } else {
      key.type = Key::Type::kExpression;
      key.expression = CompileValue(node);
      if (key.expression == nullptr) return false;
    }
    keys->push_back(std::move(key));
  }
  return true;
}

}  // namespace tailrace::ottl

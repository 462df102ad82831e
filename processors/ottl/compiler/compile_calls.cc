#include <algorithm>
#include <string>
#include <type_traits>

#include "config/did_you_mean.h"
#include "processors/ottl/compiler/compiler.h"
#include "processors/ottl/compiler/expressions.h"
#include "processors/ottl/compiler/literal_check.h"

namespace tailrace::ottl {
namespace {

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

// `replacement_format` and `replacementFormat` name the same parameter.
std::string CamelCase(std::string_view name) {
  std::string camel;
  bool upper = true;
  for (const char c : name) {
    if (c == '_') {
      upper = true;
      continue;
    }
    camel.push_back(upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    upper = c >= '0' && c <= '9';
  }
  return camel;
}

// Where only a literal is taken: its kind, and what it is called in errors.
struct LiteralKind {
  NodeKind node;
  const char* name;
};

const LiteralKind* LiteralKindOf(ParameterType type) {
  static constexpr LiteralKind kString = {NodeKind::kString, "a string"};
  static constexpr LiteralKind kInt = {NodeKind::kInt, "an int"};
  static constexpr LiteralKind kFloat = {NodeKind::kFloat, "a float"};
  static constexpr LiteralKind kBool = {NodeKind::kBool, "a bool"};
  switch (type) {
    case ParameterType::kLiteralString:
      return &kString;
    case ParameterType::kLiteralInt:
      return &kInt;
    case ParameterType::kLiteralFloat:
      return &kFloat;
    case ParameterType::kLiteralBool:
      return &kBool;
    default:
      return nullptr;
  }
}

bool IsCondition(NodeKind kind) {
  return kind == NodeKind::kOr || kind == NodeKind::kAnd || kind == NodeKind::kNot || kind == NodeKind::kComparison;
}

}  // namespace

std::unique_ptr<Expression> Compiler::CompileCall(const Node& node) {
  const Function* function = FindFunction(node.text);
  if (function != nullptr && function->spans_only && context_ != Context::kSpan) function = nullptr;
  if (function == nullptr) {
    return FailNull(node.at,
                    "undefined function " + Quoted(node.text) + config::DidYouMean(node.text, FunctionNames()));
  }
  if (function->make == nullptr) {
    return FailNull(node.at, "function " + Quoted(node.text) + " is not supported" +
                                 (function->why_not == nullptr ? "" : std::string(": ") + function->why_not));
  }
  Arguments arguments;
  Keys keys;
  if (!CompileArguments(node, *function, &arguments) || !CompileKeys(node.keys, &keys)) return nullptr;
  absl::StatusOr<ExpressionPtr> made = function->make(std::move(arguments));
  if (!made.ok()) {
    return FailNull(node.at, "function " + Quoted(node.text) + ": " + std::string(made.status().message()));
  }
  if (keys.empty()) return *std::move(made);
  return std::make_unique<IndexedExpression>(*std::move(made), std::move(keys));
}

bool Compiler::CompileArguments(const Node& node, const Function& function, Arguments* arguments) {
  const std::vector<Parameter>& parameters = function.parameters;
  if (parameters.empty()) return true;  // whatever is given, as in the Collector
  const auto required = static_cast<size_t>(
      std::count_if(parameters.begin(), parameters.end(), [](const Parameter& one) { return !one.optional; }));
  if (node.children.size() < required || node.children.size() > parameters.size()) {
    return Fail(node.at, "incorrect number of arguments for " + Quoted(node.text) + ". Expected: " +
                             std::to_string(parameters.size()) + " Received: " + std::to_string(node.children.size()));
  }
  arguments->resize(parameters.size());
  bool named = false;
  for (size_t i = 0; i < node.children.size(); ++i) {
    const Node& child = node.children[i];
    if (named && child.text.empty()) return Fail(child.at, "unnamed argument used after named argument");
    named = !child.text.empty();
    const Parameter* parameter = FindParameter(node, child, i, function);
    if (parameter == nullptr) return false;
    const auto number = static_cast<size_t>(parameter - parameters.data());
    (*arguments)[number] = Argument();
    if (!CompileArgument(child.children[0], *parameter, &(*arguments)[number])) return false;
  }
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (!parameters[i].optional && !(*arguments)[i].given()) {
      return Fail(node.at, "argument " + Quoted(parameters[i].name) + " of " + Quoted(node.text) + " is missing");
    }
  }
  return true;
}

const Parameter* Compiler::FindParameter(const Node& call, const Node& argument, size_t position,
                                         const Function& function) {
  if (argument.text.empty()) return &function.parameters[position];
  std::vector<std::string> names;
  for (const Parameter& parameter : function.parameters) {
    if (CamelCase(parameter.name) == CamelCase(argument.text)) return &parameter;
    names.emplace_back(parameter.name);
  }
  Fail(argument.at,
       "no such parameter of " + Quoted(call.text) + ": " + argument.text + config::DidYouMean(argument.text, names));
  return nullptr;
}

bool Compiler::CompileArgument(const Node& node, const Parameter& parameter, Argument* argument) {
  if (parameter.type == ParameterType::kFunction) return CompileFunctionName(node, argument);
  if (parameter.type == ParameterType::kLambda) return CompileLambda(node, argument);
  if (parameter.literal_list) return CompileLiteralList(node, parameter, argument);
  argument->expression = CompileTyped(node, parameter.type);
  return argument->expression != nullptr;
}

bool Compiler::CompileLiteralList(const Node& node, const Parameter& parameter, Argument* argument) {
  if (node.kind != NodeKind::kList) return Fail(node.at, "argument " + Quoted(parameter.name) + " must be a list");
  argument->is_list = true;
  for (const Node& child : node.children) {
    argument->items.push_back(CompileTyped(child, parameter.type));
    if (argument->items.back() == nullptr) return false;
  }
  return true;
}

// Literals of the wrong kind are refused now; everything else is found out when it is evaluated.
std::unique_ptr<Expression> Compiler::CompileTyped(const Node& node, ParameterType type) {
  if (const LiteralKind* literal = LiteralKindOf(type); literal != nullptr && node.kind != literal->node) {
    return FailNull(node.at, "the argument must be " + std::string(literal->name));
  }
  ExpressionPtr value = CompileValue(node);
  // A call that is known at start is a call all the same.
  const bool is_call = node.kind == NodeKind::kCall;
  if (value == nullptr || is_call || value->constant() == nullptr) return value;
  const std::string wrong = CheckLiteral(*value, type);
  return wrong.empty() ? std::move(value) : FailNull(node.at, "invalid argument: " + wrong);
}

bool Compiler::CompileFunctionName(const Node& node, Argument* argument) {
  if (node.kind != NodeKind::kFunctionName && node.kind != NodeKind::kEnum) {
    return Fail(node.at, "the argument must be the name of a function");
  }
  argument->function = FindFunction(node.text);
  if (argument->function == nullptr) {
    return Fail(node.at, "undefined function " + Quoted(node.text) + config::DidYouMean(node.text, FunctionNames()));
  }
  return argument->function->make != nullptr || Fail(node.at, "function " + Quoted(node.text) + " is not supported");
}

bool Compiler::CompileLambda(const Node& node, Argument* argument) {
  if (node.kind != NodeKind::kLambda) return Fail(node.at, "the argument must be a lambda expression");
  const size_t named_before = locals_.size();
  const uint32_t used_before = locals_used_;
  const Node& body = node.children[0];
  bool ok = DeclareLocals(node, argument);
  if (ok && IsCondition(body.kind)) {
    Program program;
    ok = CompileProgram(body, &program);
    argument->lambda = std::make_unique<ProgramExpression>(std::move(program));
  } else if (ok) {
    argument->lambda = CompileValue(body);
    ok = argument->lambda != nullptr;
  }
  locals_.resize(named_before);
  locals_used_ = used_before;
  return ok;
}

bool Compiler::DeclareLocals(const Node& node, Argument* argument) {
  constexpr uint32_t kLocalsMax = std::extent_v<decltype(Evaluation::locals)>;
  const size_t own = locals_.size();
  for (const std::string& name : node.names) {
    if (locals_used_ == kLocalsMax) {
      return Fail(node.at, "lambdas within each other have more than " + std::to_string(kLocalsMax) + " parameters");
    }
    const auto same = [&name](const Local& local) { return local.name == name; };
    if (std::any_of(locals_.begin() + static_cast<ptrdiff_t>(own), locals_.end(), same)) {
      return Fail(node.at, "duplicate local identifier " + Quoted(name));
    }
    argument->lambda_locals.push_back(locals_used_);
    if (name != "_") locals_.push_back({name, locals_used_});
    ++locals_used_;
  }
  return true;
}

}  // namespace tailrace::ottl

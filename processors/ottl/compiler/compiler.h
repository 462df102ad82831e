// Compiler: from the syntax tree to expressions and programs. Everything that can be refused is refused here, with the
// place in the text: unknown paths, functions, enums and parameters, and literals of the wrong kind.
//
// Lives for one Condition::Compile(). Each method returns null (or false) after the first error, which status() holds.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "processors/ottl/compiler/ast.h"
#include "processors/ottl/compiler/keys.h"
#include "processors/ottl/compiler/program.h"
#include "processors/ottl/condition.h"
#include "processors/ottl/function.h"

namespace tailrace::ottl {

class Compiler {
 public:
  Compiler(Context context, AttributeKeys* keys) : context_(context), attribute_keys_(keys) {}

  // compile_conditions.cc
  bool CompileProgram(const Node& node, Program* program);
  const absl::Status& status() const { return status_; }

 private:
  using ExpressionPtr = std::unique_ptr<Expression>;

  // compile_conditions.cc
  bool CompileBranch(const Node& node, std::vector<ExpressionPtr>* operands, Branch* branch);
  bool CompileChildren(const Node& node, std::vector<ExpressionPtr>* operands, std::vector<Branch>* children);
  bool CompileComparison(const Node& node, std::vector<ExpressionPtr>* operands, Branch* branch);

  // compile_values.cc
  ExpressionPtr CompileValue(const Node& node);
  ExpressionPtr CompileMath(const Node& node);
  ExpressionPtr CompileNegation(const Node& node);
  ExpressionPtr CompileEnum(const Node& node);
  ExpressionPtr CompileCollection(const Node& node);
  bool CompileKeys(const std::vector<Node>& nodes, Keys* keys);

  // compile_paths.cc
  ExpressionPtr CompilePath(const Node& node);
  ExpressionPtr CompileLocal(const Node& node, uint32_t number);
  ExpressionPtr CompileAttributes(const Node& segment, std::string_view context);
  ExpressionPtr CompileField(const Node& node, size_t first, std::string_view context);
  ExpressionPtr CompileKeyedField(const Node& segment, Field field);
  bool CheckUnused(const Node& node, size_t first, size_t used);
  // Null where no lambda in reach has such a parameter.
  const uint32_t* FindLocal(std::string_view name) const;

  // compile_calls.cc
  ExpressionPtr CompileCall(const Node& node);
  bool CompileArguments(const Node& node, const Function& function, Arguments* arguments);
  const Parameter* FindParameter(const Node& call, const Node& argument, size_t position, const Function& function);
  bool CompileArgument(const Node& node, const Parameter& parameter, Argument* argument);
  bool CompileLiteralList(const Node& node, const Parameter& parameter, Argument* argument);
  ExpressionPtr CompileTyped(const Node& node, ParameterType type);
  bool CompileFunctionName(const Node& node, Argument* argument);
  bool CompileLambda(const Node& node, Argument* argument);
  bool DeclareLocals(const Node& node, Argument* argument);

  bool Fail(Position at, std::string_view why);
  ExpressionPtr FailNull(Position at, std::string_view why) { return Fail(at, why), nullptr; }

  struct Local {
    std::string name;
    uint32_t number;
  };

  Context context_;
  AttributeKeys* attribute_keys_;
  std::vector<Local> locals_;  // named parameters of the lambdas around, the innermost last
  uint32_t locals_used_ = 0;   // of Evaluation::locals, blank parameters included
  absl::Status status_;
};

}  // namespace tailrace::ottl

#include "processors/ottl/condition.h"

#include <utility>

#include "processors/ottl/compiler/ast.h"
#include "processors/ottl/compiler/compiler.h"
#include "processors/ottl/compiler/program.h"

namespace tailrace::ottl {
namespace {

class CompiledCondition : public Condition {
 public:
  explicit CompiledCondition(Program program) : program_(std::move(program)) {}

  Answer Test(Evaluation* evaluation) const override {
    evaluation->arena.Clear();
    return program_.Run(evaluation);
  }

 private:
  Program program_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Condition>> Condition::Compile(std::string_view text, Context context,
                                                              AttributeKeys* keys) {
  absl::StatusOr<Node> node = ParseCondition(text);
  if (!node.ok()) return node.status();
  Compiler compiler(context, keys);
  Program program;
  if (!compiler.CompileProgram(*node, &program)) return compiler.status();
  return std::make_unique<CompiledCondition>(std::move(program));
}

}  // namespace tailrace::ottl

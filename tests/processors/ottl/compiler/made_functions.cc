// Functions for the tests of calls, in place of the real table: each shows one thing that a parameter can be.
#include <utility>

#include "processors/ottl/function.h"

namespace tailrace::ottl {
namespace {

// Yields what it was given: its first argument, or nil.
class Same : public Expression {
 public:
  explicit Same(Arguments arguments) : arguments_(std::move(arguments)) {}
  bool Evaluate(Evaluation* evaluation, Value* result) const override {
    for (const Argument& argument : arguments_) {
      if (argument.expression != nullptr) return argument.expression->Evaluate(evaluation, result);
    }
    *result = Value::Nil();
    return true;
  }

 private:
  Arguments arguments_;
};

// Its second argument, an optional one, or 7.
class Second : public Expression {
 public:
  explicit Second(Arguments arguments) : arguments_(std::move(arguments)) {}
  bool Evaluate(Evaluation* evaluation, Value* result) const override {
    if (arguments_[1].given()) return arguments_[1].expression->Evaluate(evaluation, result);
    *result = Value::Int(7);
    return true;
  }

 private:
  Arguments arguments_;
};

// Calls its lambda with 1 and its first argument.
class Apply : public Expression {
 public:
  explicit Apply(Arguments arguments) : arguments_(std::move(arguments)) {}
  bool Evaluate(Evaluation* evaluation, Value* result) const override {
    Value value;
    if (!arguments_[0].expression->Evaluate(evaluation, &value)) return false;
    evaluation->locals[arguments_[1].lambda_locals[0]] = Value::Int(1);
    evaluation->locals[arguments_[1].lambda_locals[1]] = value;
    return arguments_[1].lambda->Evaluate(evaluation, result);
  }

 private:
  Arguments arguments_;
};

class Count : public Expression {
 public:
  explicit Count(int64_t count) : count_(count) {}
  bool Evaluate(Evaluation*, Value* result) const override {
    *result = Value::Int(count_);
    return true;
  }

 private:
  int64_t count_;
};

template <typename Made>
absl::StatusOr<std::unique_ptr<Expression>> Make(Arguments arguments) {
  return std::make_unique<Made>(std::move(arguments));
}

absl::StatusOr<std::unique_ptr<Expression>> MakeApply(Arguments arguments) {
  if (arguments[1].lambda_locals.size() != 2) return absl::InvalidArgumentError("the lambda takes two parameters");
  return std::make_unique<Apply>(std::move(arguments));
}

absl::StatusOr<std::unique_ptr<Expression>> MakeCount(Arguments arguments) {
  return std::make_unique<Count>(static_cast<int64_t>(arguments[0].items.size()));
}

absl::StatusOr<std::unique_ptr<Expression>> MakeNamed(Arguments arguments) {
  return std::make_unique<Count>(static_cast<int64_t>(std::string_view(arguments[0].function->name).size()));
}

const std::vector<Function>& Table() {
  static const auto* const kTable = new std::vector<Function>{
      {"Same", {{"value"}}, Make<Same>},
      {"Second", {{"first_value"}, {"second_value", ParameterType::kValue, true}}, Make<Second>},
      {"Apply", {{"value"}, {"lambda", ParameterType::kLambda}}, MakeApply},
      {"Count", {{"items", ParameterType::kValue, false, true}}, MakeCount},
      {"NameSize", {{"function", ParameterType::kFunction}}, MakeNamed},
      {"TextOnly", {{"text", ParameterType::kLiteralString}}, Make<Same>},
      {"IntOnly", {{"int", ParameterType::kLiteralInt}}, Make<Same>},
      {"NOW", {}, Make<Same>},
      {"Absent", {}, nullptr, "it is not offered"},
  };
  return *kTable;
}

}  // namespace

const Function* FindFunction(std::string_view name) {
  for (const Function& function : Table()) {
    if (function.name == name) return &function;
  }
  return nullptr;
}

std::vector<std::string> FunctionNames() {
  std::vector<std::string> names;
  for (const Function& function : Table()) names.emplace_back(function.name);
  return names;
}

}  // namespace tailrace::ottl

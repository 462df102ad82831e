// What an OTTL function (a converter) is made of: one Function in one table, its parameters by name and type, and a
// `make` that is given the call's arguments at start and returns the expression that runs.
//
// To add a function: one `Function` in one of functions/*.cc, one line in functions/table.cc, one test.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "processors/ottl/expression.h"

namespace tailrace::ottl {

// What a parameter takes. The compiler refuses, at start, what the Collector's parser refuses: a literal of another
// kind where only a literal is taken, and so on; all other types are found out at evaluation by the getters below.
enum class ParameterType : uint8_t {
  kValue,   // Getter: anything
  kString,  // StringGetter and so on: evaluated, then checked
  kStringLike,
  kInt,
  kIntLike,
  kFloat,
  kFloatLike,
  kBool,
  kBoolLike,
  kBytesLike,
  kTime,
  kDuration,
  kMap,            // PMapGetter
  kList,           // PSliceGetter
  kSlice,          // SliceGetter: a literal list or anything that yields a list
  kLiteralString,  // Go's plain string, int64, float64, bool: a literal
  kLiteralInt,
  kLiteralFloat,
  kLiteralBool,
  kFunction,        // FunctionGetter: the bare name of a function
  kLambda,          // LambdaExpression
  kBoolExpression,  // a condition as an argument
};

struct Parameter {
  const char* name;  // as in a named argument
  ParameterType type = ParameterType::kValue;
  bool optional = false;
  bool literal_list = false;  // []T: a literal list of that type
};

struct Function;

// One argument of a call. Exactly one of its parts is set, by the parameter's type; none where an optional one is
// missing.
struct Argument {
  std::unique_ptr<Expression> expression;          // also bool expressions: yields kBool
  std::vector<std::unique_ptr<Expression>> items;  // of a literal list
  bool is_list = false;
  const Function* function = nullptr;   // kFunction
  std::unique_ptr<Expression> lambda;   // the lambda's body
  std::vector<uint32_t> lambda_locals;  // where its parameters go in Evaluation::locals

  bool given() const { return expression != nullptr || is_list || function != nullptr || lambda != nullptr; }
};
using Arguments = std::vector<Argument>;

struct Function {
  const char* name;
  std::vector<Parameter> parameters;
  // Null: known, but not offered here ('not supported'); `why` says so.
  absl::StatusOr<std::unique_ptr<Expression>> (*make)(Arguments arguments);
  const char* why_not = nullptr;
  bool spans_only = false;  // not there for conditions of span events
};

// Null where there is no such function.
const Function* FindFunction(std::string_view name);
// All names, for 'did you mean'.
std::vector<std::string> FunctionNames();

// --- getters: what the Collector's typed getters accept and convert; false with Fail() where they refuse
// --------------
bool GetString(const Expression& expression, Evaluation* evaluation, std::string_view* result);
// `result` empty: nil. Numbers, bools, bytes (as hex), maps and lists (as JSON) become text.
bool GetStringLike(const Expression& expression, Evaluation* evaluation, std::optional<std::string_view>* result);
bool GetInt(const Expression& expression, Evaluation* evaluation, int64_t* result);
bool GetIntLike(const Expression& expression, Evaluation* evaluation, std::optional<int64_t>* result);
bool GetFloat(const Expression& expression, Evaluation* evaluation, double* result);
bool GetFloatLike(const Expression& expression, Evaluation* evaluation, std::optional<double>* result);
bool GetBool(const Expression& expression, Evaluation* evaluation, bool* result);
bool GetBoolLike(const Expression& expression, Evaluation* evaluation, std::optional<bool>* result);
bool GetBytesLike(const Expression& expression, Evaluation* evaluation, std::optional<std::string_view>* result);
bool GetTime(const Expression& expression, Evaluation* evaluation, Time* result);
bool GetDuration(const Expression& expression, Evaluation* evaluation, int64_t* result);
bool GetMap(const Expression& expression, Evaluation* evaluation, const Map** result);
bool GetList(const Expression& expression, Evaluation* evaluation, const List** result);

}  // namespace tailrace::ottl

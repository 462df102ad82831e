#include "processors/ottl/compiler/literal_check.h"

namespace tailrace::ottl {
namespace {

template <typename T>
bool Accepts(bool (*get)(const Expression&, Evaluation*, T*), const Expression& literal, Evaluation* evaluation) {
  T result{};
  return get(literal, evaluation, &result);
}

bool IsAccepted(const Expression& literal, ParameterType type, Evaluation* evaluation) {
  switch (type) {
    case ParameterType::kString:
      return Accepts(GetString, literal, evaluation);
    case ParameterType::kStringLike:
      return Accepts(GetStringLike, literal, evaluation);
    case ParameterType::kInt:
      return Accepts(GetInt, literal, evaluation);
    case ParameterType::kIntLike:
      return Accepts(GetIntLike, literal, evaluation);
    case ParameterType::kFloat:
      return Accepts(GetFloat, literal, evaluation);
    case ParameterType::kFloatLike:
      return Accepts(GetFloatLike, literal, evaluation);
    case ParameterType::kBool:
    case ParameterType::kBoolExpression:
      return Accepts(GetBool, literal, evaluation);
    case ParameterType::kBoolLike:
      return Accepts(GetBoolLike, literal, evaluation);
    case ParameterType::kBytesLike:
      return Accepts(GetBytesLike, literal, evaluation);
    case ParameterType::kTime:
      return Accepts(GetTime, literal, evaluation);
    case ParameterType::kDuration:
      return Accepts(GetDuration, literal, evaluation);
    case ParameterType::kMap:
      return Accepts(GetMap, literal, evaluation);
    case ParameterType::kList:
      return Accepts(GetList, literal, evaluation);
    default:
      return true;
  }
}

}  // namespace

std::string CheckLiteral(const Expression& literal, ParameterType type) {
  Evaluation evaluation;
  if (IsAccepted(literal, type, &evaluation)) return {};
  return evaluation.error.empty() ? "a literal of another kind is expected" : evaluation.error;
}

}  // namespace tailrace::ottl

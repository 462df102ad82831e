// What kind of value something is, conversions, and choices between values.
#include <algorithm>

#include "processors/ottl/functions/make.h"
#include "processors/ottl/functions/table.h"
#include "processors/ottl/to_pdata.h"

namespace tailrace::ottl {
namespace {

template <Kind kKind>
Made MakeIsKind(Arguments arguments) {
  return Call([target = std::move(arguments[0].expression)](Evaluation* evaluation, Value* result) {
    if (!target->Evaluate(evaluation, result)) return false;
    return SetValue(Value::Bool(result->is(kKind)), result);
  });
}

Made MakeIsMap(Arguments arguments) {
  return Call([target = std::move(arguments[0].expression)](Evaluation* evaluation, Value* result) {
    if (!target->Evaluate(evaluation, result)) return false;
    if (result->is(Kind::kMap) && !result->map->pdata) {
      // A map of Go's counts where it could be an attribute's.
      Value converted;
      if (!ToPdata(*result, PdataLevel::kInside, evaluation, &converted)) return false;
    }
    return SetValue(Value::Bool(result->is(Kind::kMap)), result);
  });
}

Made MakeIsList(Arguments arguments) {
  return Call([target = std::move(arguments[0].expression)](Evaluation* evaluation, Value* result) {
    if (!target->Evaluate(evaluation, result)) return false;
    return SetValue(Value::Bool(result->is(Kind::kList) && result->list->type != ListType::kMaps), result);
  });
}

bool IsEmpty(const Value& value) {
  switch (value.kind) {
    case Kind::kNil:
      return true;
    case Kind::kBool:
      return !value.boolean;
    case Kind::kInt:
    case Kind::kGoInt:
    case Kind::kDuration:
      return value.integer == 0;
    case Kind::kDouble:
      return value.number == 0;
    case Kind::kString:
    case Kind::kBytes:
      return value.size == 0;
    case Kind::kTraceId:
    case Kind::kSpanId:
      return value.view().find_first_not_of('\0') == std::string_view::npos;
    case Kind::kMap:
      return value.map->size == 0;
    case Kind::kList:
      // Those of a span are references, never nothing.
      return value.list->size == 0 && value.list->type != ListType::kEvents && value.list->type != ListType::kLinks;
    case Kind::kTime: {
      constexpr int64_t kYearOne = -62135596800;
      return value.time->unix_s == kYearOne && value.time->ns == 0 && value.time->offset_s == 0;
    }
    case Kind::kStatus:
      return false;
  }
  return false;
}

Made MakeIsEmpty(Arguments arguments) {
  return Call([target = std::move(arguments[0].expression)](Evaluation* evaluation, Value* result) {
    if (!target->Evaluate(evaluation, result)) return false;
    return SetValue(Value::Bool(IsEmpty(*result)), result);
  });
}

// A getter that converts, its result as a value, nil as nil.
template <typename T>
Made MakeConversion(Arguments arguments, bool (*get)(const Expression&, Evaluation*, std::optional<T>*),
                    Value (*to_value)(T)) {
  return Call([target = std::move(arguments[0].expression), get, to_value](Evaluation* evaluation, Value* result) {
    std::optional<T> converted;
    if (!get(*target, evaluation, &converted)) return false;
    return SetValue(converted.has_value() ? to_value(*converted) : Value::Nil(), result);
  });
}

Made MakeInt(Arguments arguments) { return MakeConversion<int64_t>(std::move(arguments), GetIntLike, Value::Int); }
Made MakeDouble(Arguments arguments) {
  return MakeConversion<double>(std::move(arguments), GetFloatLike, Value::Double);
}
Made MakeBool(Arguments arguments) { return MakeConversion<bool>(std::move(arguments), GetBoolLike, Value::Bool); }
Made MakeString(Arguments arguments) {
  return MakeConversion<std::string_view>(std::move(arguments), GetStringLike, Value::String);
}

Made MakeCoalesce(Arguments arguments) {
  if (arguments[0].items.empty()) return absl::InvalidArgumentError("it needs at least one value");
  return Call([values = std::move(arguments[0].items)](Evaluation* evaluation, Value* result) {
    for (const ExpressionPtr& value : values) {
      if (!value->Evaluate(evaluation, result)) return false;
      if (!result->is(Kind::kNil)) return true;
    }
    return SetValue(Value::Nil(), result);
  });
}

Made MakeWhen(Arguments arguments) {
  if (!arguments[0].lambda_locals.empty()) return absl::InvalidArgumentError("the lambda must take no parameter");
  return Call([condition = std::move(arguments[0].lambda), yes = std::move(arguments[1].expression),
               no = std::move(arguments[2].expression)](Evaluation* evaluation, Value* result) {
    bool holds = false;
    if (!GetBool(*condition, evaluation, &holds)) return false;
    return (holds ? yes : no)->Evaluate(evaluation, result);
  });
}

}  // namespace

void AddTypeFunctions(std::vector<Function>* all) {
  all->insert(all->end(),
              {
                  {"IsString", {{"target", ParameterType::kString}}, MakeIsKind<Kind::kString>},
                  {"IsInt", {{"target", ParameterType::kInt}}, MakeIsKind<Kind::kInt>},
                  {"IsDouble", {{"target", ParameterType::kFloat}}, MakeIsKind<Kind::kDouble>},
                  {"IsBool", {{"target", ParameterType::kBool}}, MakeIsKind<Kind::kBool>},
                  {"IsMap", {{"target", ParameterType::kMap}}, MakeIsMap},
                  {"IsList", {{"target"}}, MakeIsList},
                  {"IsEmpty", {{"target"}}, MakeIsEmpty},
                  {"Int", {{"target", ParameterType::kIntLike}}, MakeInt},
                  {"Double", {{"target", ParameterType::kFloatLike}}, MakeDouble},
                  {"Bool", {{"target", ParameterType::kBoolLike}}, MakeBool},
                  {"String", {{"target", ParameterType::kStringLike}}, MakeString},
                  {"Coalesce", {{"values", ParameterType::kValue, false, true}}, MakeCoalesce},
                  {"When", {{"condition", ParameterType::kLambda}, {"true_value"}, {"false_value"}}, MakeWhen},
              });
}

}  // namespace tailrace::ottl

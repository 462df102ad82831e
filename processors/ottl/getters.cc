// The getters that take a value of one kind and no other.
#include <string>

#include "processors/ottl/function.h"
#include "processors/ottl/names.h"
#include "processors/ottl/to_pdata.h"

namespace tailrace::ottl {
namespace {

bool FailKind(const char* wanted, const Value& value, Evaluation* evaluation) {
  return evaluation->Fail("expected " + std::string(wanted) + " but got " + std::string(TypeName(value)));
}

bool GetKind(const Expression& expression, Kind wanted, const char* name, Evaluation* evaluation, Value* value) {
  if (!expression.Evaluate(evaluation, value)) return false;
  return value->is(wanted) || FailKind(name, *value, evaluation);
}

}  // namespace

bool GetString(const Expression& expression, Evaluation* evaluation, std::string_view* result) {
  Value value;
  if (!GetKind(expression, Kind::kString, "string", evaluation, &value)) return false;
  *result = value.view();
  return true;
}

bool GetInt(const Expression& expression, Evaluation* evaluation, int64_t* result) {
  Value value;
  if (!GetKind(expression, Kind::kInt, "int64", evaluation, &value)) return false;
  *result = value.integer;
  return true;
}

bool GetFloat(const Expression& expression, Evaluation* evaluation, double* result) {
  Value value;
  if (!GetKind(expression, Kind::kDouble, "float64", evaluation, &value)) return false;
  *result = value.number;
  return true;
}

bool GetBool(const Expression& expression, Evaluation* evaluation, bool* result) {
  Value value;
  if (!GetKind(expression, Kind::kBool, "bool", evaluation, &value)) return false;
  *result = value.boolean;
  return true;
}

bool GetTime(const Expression& expression, Evaluation* evaluation, Time* result) {
  Value value;
  if (!GetKind(expression, Kind::kTime, "time", evaluation, &value)) return false;
  *result = *value.time;
  return true;
}

bool GetDuration(const Expression& expression, Evaluation* evaluation, int64_t* result) {
  Value value;
  if (!GetKind(expression, Kind::kDuration, "duration", evaluation, &value)) return false;
  *result = value.integer;
  return true;
}

bool GetMap(const Expression& expression, Evaluation* evaluation, const Map** result) {
  Value value;
  if (!GetKind(expression, Kind::kMap, "pcommon.Map", evaluation, &value)) return false;
  if (!value.map->pdata && !ToPdata(value, PdataLevel::kInside, evaluation, &value)) return false;
  *result = value.map;
  return true;
}

bool GetList(const Expression& expression, Evaluation* evaluation, const List** result) {
  Value value;
  if (!GetKind(expression, Kind::kList, "pcommon.Slice", evaluation, &value)) return false;
  switch (value.list->type) {
    case ListType::kPdata:
      break;
    case ListType::kAny:
      if (!ToPdata(value, PdataLevel::kInside, evaluation, &value)) return false;
      break;
    case ListType::kStrings:
    case ListType::kInts:
    case ListType::kDoubles:
    case ListType::kBools: {
      List* list = evaluation->arena.New<List>();
      if (list == nullptr) return evaluation->Fail("the condition needs too much memory");
      *list = {value.list->items, value.list->size, ListType::kPdata};
      value = Value::OfList(list);
      break;
    }
    default:
      return FailKind("pcommon.Slice", value, evaluation);
  }
  *result = value.list;
  return true;
}

}  // namespace tailrace::ottl

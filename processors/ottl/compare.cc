#include "processors/ottl/compare.h"

#include "processors/ottl/civil.h"
#include "processors/ottl/deep_equal.h"

namespace tailrace::ottl {
namespace {

bool Incomparable(Comparison op) { return op == Comparison::kNotEqual; }

bool IfEqual(bool equal, Comparison op) {
  if (op == Comparison::kEqual) return equal;
  if (op == Comparison::kNotEqual) return !equal;
  return false;
}

// Empty bytes are nil in the Collector, except where they stand on the right of other bytes.
bool IsNil(const Value& value) { return value.is(Kind::kNil) || (value.is(Kind::kBytes) && value.size == 0); }

bool CompareNumbers(const Value& left, const Value& right, Comparison op) {
  if (left.is(Kind::kInt) && right.is(Kind::kInt)) return ComparePrimitives(left.integer, right.integer, op);
  const auto number = [](const Value& value) {
    return value.is(Kind::kInt) ? static_cast<double>(value.integer) : value.number;
  };
  return ComparePrimitives(number(left), number(right), op);
}

bool CompareTimes(const Time& left, const Time& right, Comparison op) {
  if (left.unix_s != right.unix_s) {
    return ComparePrimitives(SecondsFromYearOne(left), SecondsFromYearOne(right), op);
  }
  return ComparePrimitives(left.ns, right.ns, op);
}

bool CompareMaps(const Value& left, const Value& right, Comparison op) {
  if (left.map->pdata && right.map->pdata) return IfEqual(PdataEqual(left, right), op);
  return IfEqual(GoEqual(left, left.map->pdata, right, right.map->pdata), op);
}

bool CompareLists(const Value& left, const Value& right, Comparison op) {
  const ListType left_type = left.list->type;
  const ListType right_type = right.list->type;
  const auto comparable = [](ListType type) { return type == ListType::kPdata || type == ListType::kAny; };
  if (!comparable(left_type)) {
    // A span's events and links equal themselves; Go cannot compare what functions make of one element type.
    const bool of_span = left_type == ListType::kEvents || left_type == ListType::kLinks;
    return IfEqual(of_span && left_type == right_type, op);
  }
  if (!comparable(right_type)) return Incomparable(op);
  if (left_type == ListType::kPdata && right_type == ListType::kPdata) return IfEqual(PdataEqual(left, right), op);
  return IfEqual(GoEqual(left, left_type == ListType::kPdata, right, right_type == ListType::kPdata), op);
}

}  // namespace

Comparison ComparisonOf(std::string_view text) {
  if (text == "==") return Comparison::kEqual;
  if (text == "!=") return Comparison::kNotEqual;
  if (text == "<") return Comparison::kLess;
  if (text == "<=") return Comparison::kLessEqual;
  return text == ">=" ? Comparison::kGreaterEqual : Comparison::kGreater;
}

Comparison Mirrored(Comparison op) {
  switch (op) {
    case Comparison::kLess:
      return Comparison::kGreater;
    case Comparison::kLessEqual:
      return Comparison::kGreaterEqual;
    case Comparison::kGreaterEqual:
      return Comparison::kLessEqual;
    case Comparison::kGreater:
      return Comparison::kLess;
    default:
      return op;
  }
}

bool Compare(const Value& left, const Value& right, Comparison op) {
  if (IsNil(left) && IsNil(right)) {
    return op == Comparison::kEqual || op == Comparison::kLessEqual || op == Comparison::kGreaterEqual;
  }
  if (IsNil(left) || IsNil(right)) return Incomparable(op);
  const bool numbers =
      (left.is(Kind::kInt) || left.is(Kind::kDouble)) && (right.is(Kind::kInt) || right.is(Kind::kDouble));
  if (numbers) return CompareNumbers(left, right, op);
  if (left.kind != right.kind) return Incomparable(op);
  switch (left.kind) {
    case Kind::kBool:
      return ComparePrimitives(left.boolean, right.boolean, op);
    case Kind::kString:
    case Kind::kBytes:
      return ComparePrimitives(left.view(), right.view(), op);
    case Kind::kDuration:
      return ComparePrimitives(left.integer, right.integer, op);
    case Kind::kTime:
      return CompareTimes(*left.time, *right.time, op);
    case Kind::kMap:
      return CompareMaps(left, right, op);
    case Kind::kList:
      return CompareLists(left, right, op);
    case Kind::kTraceId:
    case Kind::kSpanId:
      return IfEqual(left.view() == right.view(), op);
    default:
      return IfEqual(left.integer == right.integer, op);
  }
}

}  // namespace tailrace::ottl

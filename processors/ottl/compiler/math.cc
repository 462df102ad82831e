#include "processors/ottl/compiler/math.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "processors/ottl/names.h"

namespace tailrace::ottl {
namespace {

constexpr int64_t kNsPerSecond = 1'000'000'000;

__extension__ using Wide = __int128;

int64_t Wrap(uint64_t value) { return static_cast<int64_t>(value); }

bool FailTypes(std::string_view wanted, const Value& found, Evaluation* evaluation) {
  const std::string_view name = TypeName(found);
  return evaluation->Fail(absl::StrCat(absl::string_view(wanted.data(), wanted.size()), ", found ",
                                       absl::string_view(name.data(), name.size())));
}

bool CalculateInts(int64_t left, char op, int64_t right, Evaluation* evaluation, Value* result) {
  const auto l = static_cast<uint64_t>(left);
  const auto r = static_cast<uint64_t>(right);
  switch (op) {
    case '+':
      *result = Value::Int(Wrap(l + r));
      return true;
    case '-':
      *result = Value::Int(Wrap(l - r));
      return true;
    case '*':
      *result = Value::Int(Wrap(l * r));
      return true;
    default:
      if (right == 0) return evaluation->Fail("attempted to divide by 0");
      *result = Value::Int(right == -1 ? Wrap(0 - l) : left / right);
      return true;
  }
}

bool CalculateFloats(double left, char op, double right, Evaluation* evaluation, Value* result) {
  switch (op) {
    case '+':
      *result = Value::Double(left + right);
      return true;
    case '-':
      *result = Value::Double(left - right);
      return true;
    case '*':
      *result = Value::Double(left * right);
      return true;
    default:
      if (right == 0) return evaluation->Fail("attempted to divide by 0");
      *result = Value::Double(left / right);
      return true;
  }
}

bool AddToTime(const Time& time, int64_t ns, Evaluation* evaluation, Value* result) {
  Time* sum = evaluation->arena.New<Time>();
  if (sum == nullptr) return evaluation->Fail("the condition needs too much memory");
  *sum = time;
  int64_t seconds = ns / kNsPerSecond;
  int64_t rest = ns % kNsPerSecond + time.ns;
  if (rest < 0) {
    rest += kNsPerSecond;
    --seconds;
  } else if (rest >= kNsPerSecond) {
    rest -= kNsPerSecond;
    ++seconds;
  }
  sum->unix_s = Wrap(static_cast<uint64_t>(time.unix_s) + static_cast<uint64_t>(seconds));
  sum->ns = static_cast<int32_t>(rest);
  *result = Value::OfTime(sum);
  return true;
}

bool CalculateTime(const Time& left, char op, const Value& right, Evaluation* evaluation, Value* result) {
  if (op == '*' || op == '/') return evaluation->Fail("times can only be added and subtracted");
  if (right.is(Kind::kDuration)) {
    const int64_t ns = op == '+' ? right.integer : Wrap(0 - static_cast<uint64_t>(right.integer));
    return AddToTime(left, ns, evaluation, result);
  }
  if (op == '-' && right.is(Kind::kTime)) {
    *result = Value::Duration(TimeDifference(left, *right.time));
    return true;
  }
  return FailTypes(
      op == '+' ? "only a duration can be added to a time" : "only a time or a duration can be subtracted from a time",
      right, evaluation);
}

bool CalculateDuration(int64_t left, char op, const Value& right, Evaluation* evaluation, Value* result) {
  if (op == '*' || op == '/') return evaluation->Fail("durations can only be added and subtracted");
  if (right.is(Kind::kDuration)) {
    const auto r = static_cast<uint64_t>(right.integer);
    *result = Value::Duration(Wrap(op == '+' ? static_cast<uint64_t>(left) + r : static_cast<uint64_t>(left) - r));
    return true;
  }
  if (op == '+' && right.is(Kind::kTime)) return AddToTime(*right.time, left, evaluation, result);
  return FailTypes(op == '+' ? "only a duration or a time can be added to a duration"
                             : "only a duration can be subtracted from a duration",
                   right, evaluation);
}

}  // namespace

int64_t TimeDifference(const Time& left, const Time& right) {
  const Wide ns = (static_cast<Wide>(left.unix_s) - right.unix_s) * kNsPerSecond + (left.ns - right.ns);
  constexpr Wide kMin = std::numeric_limits<int64_t>::min();
  constexpr Wide kMax = std::numeric_limits<int64_t>::max();
  return static_cast<int64_t>(std::clamp(ns, kMin, kMax));
}

bool Calculate(const Value& left, char op, const Value& right, Evaluation* evaluation, Value* result) {
  switch (left.kind) {
    case Kind::kTime:
      return CalculateTime(*left.time, op, right, evaluation, result);
    case Kind::kDuration:
      return CalculateDuration(left.integer, op, right, evaluation, result);
    case Kind::kInt:
    case Kind::kDouble:
      break;
    default:
      return FailTypes("arithmetic needs an int64, float64, time.Time or time.Duration", left, evaluation);
  }
  if (!right.is(Kind::kInt) && !right.is(Kind::kDouble)) {
    return FailTypes("arithmetic needs an int64 or a float64", right, evaluation);
  }
  if (left.is(Kind::kInt) && right.is(Kind::kInt)) {
    return CalculateInts(left.integer, op, right.integer, evaluation, result);
  }
  const double l = left.is(Kind::kInt) ? static_cast<double>(left.integer) : left.number;
  const double r = right.is(Kind::kInt) ? static_cast<double>(right.integer) : right.number;
  return CalculateFloats(l, op, r, evaluation, result);
}

bool Negate(const Value& value, Evaluation* evaluation, Value* result) {
  if (value.is(Kind::kInt)) {
    *result = Value::Int(Wrap(0 - static_cast<uint64_t>(value.integer)));
  } else if (value.is(Kind::kDouble)) {
    *result = Value::Double(-value.number);
  } else {
    return FailTypes("only an int64 or a float64 can be negated", value, evaluation);
  }
  return true;
}

}  // namespace tailrace::ottl

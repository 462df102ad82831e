// Durations: out of text, and as numbers.
#include <limits>
#include <string>

#include "processors/ottl/functions/make.h"
#include "processors/ottl/functions/table.h"

namespace tailrace::ottl {
namespace {

constexpr uint64_t kLimit = uint64_t{1} << 63;

// 0 for a unit that there is not.
uint64_t UnitNs(std::string_view unit) {
  if (unit == "ns") return 1;
  if (unit == "us" || unit == "\u00B5s" || unit == "\u03BCs") return 1000;
  if (unit == "ms") return 1'000'000;
  if (unit == "s") return 1'000'000'000;
  if (unit == "m") return 60'000'000'000;
  if (unit == "h") return 3'600'000'000'000;
  return 0;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// One number with its unit, "1.5h", added to `sum`.
bool TakePart(std::string_view* text, uint64_t* sum) {
  uint64_t whole = 0;
  size_t digits = 0;
  for (; !text->empty() && IsDigit(text->front()); text->remove_prefix(1), ++digits) {
    if (whole > kLimit / 10) return false;
    whole = whole * 10 + static_cast<uint64_t>(text->front() - '0');
    if (whole > kLimit) return false;
  }
  uint64_t fraction = 0;
  double scale = 1;
  if (text->starts_with('.')) {
    text->remove_prefix(1);
    // Digits beyond what fits do not count.
    bool full = false;
    for (; !text->empty() && IsDigit(text->front()); text->remove_prefix(1), ++digits) {
      full = full || fraction > (kLimit - 1) / 10;
      const uint64_t more = fraction * 10 + static_cast<uint64_t>(text->front() - '0');
      full = full || more > kLimit;
      if (full) continue;
      fraction = more;
      scale *= 10;
    }
  }
  if (digits == 0) return false;
  size_t end = 0;
  while (end < text->size() && (*text)[end] != '.' && !IsDigit((*text)[end])) ++end;
  const uint64_t unit = UnitNs(text->substr(0, end));
  text->remove_prefix(end);
  if (unit == 0 || whole > kLimit / unit) return false;
  whole *= unit;
  if (fraction > 0) {
    whole += static_cast<uint64_t>(static_cast<double>(fraction) * (static_cast<double>(unit) / scale));
    if (whole > kLimit) return false;
  }
  *sum += whole;
  return *sum <= kLimit;
}

// Go's time.ParseDuration.
std::optional<int64_t> ParseDuration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return 0;
  if (text.empty()) return {};
  uint64_t sum = 0;
  while (!text.empty()) {
    if (!TakePart(&text, &sum)) return {};
  }
  if (negative) return static_cast<int64_t>(~sum + 1);
  if (sum == kLimit) return {};
  return static_cast<int64_t>(sum);
}

// Of a literal: known at start.
class ConstantDuration final : public Expression {
 public:
  explicit ConstantDuration(int64_t ns) : value_(Value::Duration(ns)) {}
  bool Evaluate(Evaluation*, Value* result) const override { return SetValue(value_, result); }
  const Value* constant() const override { return &value_; }

 private:
  const Value value_;
};

Made MakeDuration(Arguments arguments) {
  ExpressionPtr text = std::move(arguments[0].expression);
  // A literal that is no duration is found out when it is evaluated, as in the Collector.
  if (const Value* literal = text->constant(); literal != nullptr) {
    if (const auto ns = ParseDuration(literal->view())) return std::make_unique<ConstantDuration>(*ns);
  }
  return Call([text = std::move(text)](Evaluation* evaluation, Value* result) {
    std::string_view from;
    if (!GetString(*text, evaluation, &from)) return false;
    const std::optional<int64_t> ns = ParseDuration(from);
    if (!ns.has_value()) return evaluation->Fail("invalid duration \"" + std::string(from.substr(0, 60)) + "\"");
    return SetValue(Value::Duration(*ns), result);
  });
}

// In whole units and a fraction, rounded as Go does it.
template <int64_t kUnitNs>
Made MakeFraction(Arguments arguments) {
  return Call([duration = std::move(arguments[0].expression)](Evaluation* evaluation, Value* result) {
    int64_t ns = 0;
    if (!GetDuration(*duration, evaluation, &ns)) return false;
    const double fraction = static_cast<double>(ns % kUnitNs) / static_cast<double>(kUnitNs);
    return SetValue(Value::Double(static_cast<double>(ns / kUnitNs) + fraction), result);
  });
}

template <int64_t kUnitNs>
Made MakeWhole(Arguments arguments) {
  return Call([duration = std::move(arguments[0].expression)](Evaluation* evaluation, Value* result) {
    int64_t ns = 0;
    return GetDuration(*duration, evaluation, &ns) && SetValue(Value::Int(ns / kUnitNs), result);
  });
}

}  // namespace

void AddDurationFunctions(std::vector<Function>* all) {
  const Parameter duration = {"duration", ParameterType::kDuration};
  all->push_back({"Duration", {{"duration", ParameterType::kString}}, MakeDuration});
  all->push_back({"Hours", {duration}, MakeFraction<3'600'000'000'000>});
  all->push_back({"Minutes", {duration}, MakeFraction<60'000'000'000>});
  all->push_back({"Seconds", {duration}, MakeFraction<1'000'000'000>});
  all->push_back({"Milliseconds", {duration}, MakeWhole<1'000'000>});
  all->push_back({"Microseconds", {duration}, MakeWhole<1'000>});
  all->push_back({"Nanoseconds", {duration}, MakeWhole<1>});
}

}  // namespace tailrace::ottl

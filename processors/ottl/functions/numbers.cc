// Numbers: the natural logarithm, the check digit of card numbers.
#include <cmath>

#include "processors/ottl/functions/make.h"
#include "processors/ottl/functions/table.h"

namespace tailrace::ottl {
namespace {

Made MakeLog(Arguments arguments) {
  return Call([target = std::move(arguments[0].expression)](Evaluation* evaluation, Value* result) {
    std::optional<double> number;
    if (!GetFloatLike(*target, evaluation, &number)) return false;
    if (!number.has_value()) return evaluation->Fail("Log: invalid input: <nil>");
    if (*number <= 0) return evaluation->Fail("Log: a number greater than zero is expected");
    return SetValue(Value::Double(std::log(*number)), result);
  });
}

// Spaces do not count. Every second digit from the right, after the check digit, is doubled.
Made MakeIsValidLuhn(Arguments arguments) {
  return Call([target = std::move(arguments[0].expression)](Evaluation* evaluation, Value* result) {
    std::optional<std::string_view> text;
    if (!GetStringLike(*target, evaluation, &text)) return false;
    if (!text.has_value()) return evaluation->Fail("IsValidLuhn: invalid input: <nil>");
    uint32_t sum = 0;
    uint64_t position = 0;
    for (size_t i = text->size(); i-- > 0;) {
      const char c = (*text)[i];
      if (c == ' ') continue;
      if (c < '0' || c > '9') return evaluation->Fail("IsValidLuhn: something else than digits");
      const uint32_t digit = static_cast<uint32_t>(c - '0');
      const uint32_t doubled = 2 * digit > 9 ? 2 * digit - 9 : 2 * digit;
      sum += position++ % 2 == 1 ? doubled : digit;
    }
    return SetValue(Value::Bool(position > 0 && sum % 10 == 0), result);
  });
}

}  // namespace

void AddNumberFunctions(std::vector<Function>* all) {
  all->push_back({"Log", {{"target", ParameterType::kFloatLike}}, MakeLog});
  all->push_back({"IsValidLuhn", {{"target", ParameterType::kStringLike}}, MakeIsValidLuhn});
}

}  // namespace tailrace::ottl

// The getters that convert what they can; nil stays nil.
#include <cstring>
#include <string>

#include "absl/strings/escaping.h"
#include "processors/ottl/function.h"
#include "processors/ottl/go_numbers.h"
#include "processors/ottl/json_text.h"
#include "processors/ottl/names.h"

namespace tailrace::ottl {
namespace {

bool FailType(const Value& value, Evaluation* evaluation) {
  return evaluation->Fail("unsupported type: " + std::string(TypeName(value)));
}

bool FailText(const Value& value, const char* wanted, Evaluation* evaluation) {
  return evaluation->Fail("not " + std::string(wanted) + ": \"" + std::string(value.view().substr(0, 60)) + "\"");
}

template <typename T>
bool Take(const std::optional<T>& parsed, const Value& value, const char* wanted, Evaluation* evaluation,
          std::optional<T>* result) {
  *result = parsed;
  return parsed.has_value() || FailText(value, wanted, evaluation);
}

bool CopyText(std::string_view text, Evaluation* evaluation, std::optional<std::string_view>* result) {
  *result = evaluation->arena.Copy(text);
  return (*result)->data() != nullptr || evaluation->Fail("the condition needs too much memory");
}

}  // namespace

bool GetStringLike(const Expression& expression, Evaluation* evaluation, std::optional<std::string_view>* result) {
  Value value;
  if (!expression.Evaluate(evaluation, &value)) return false;
  result->reset();
  switch (value.kind) {
    case Kind::kNil:
      return true;
    case Kind::kString:
      *result = value.view();
      return true;
    case Kind::kBytes:
      return CopyText(absl::BytesToHexString({value.text, value.size}), evaluation, result);
    default: {
      std::string text;
      if (!AppendJson(value, &text)) return FailType(value, evaluation);
      return CopyText(text, evaluation, result);
    }
  }
}

bool GetIntLike(const Expression& expression, Evaluation* evaluation, std::optional<int64_t>* result) {
  Value value;
  if (!expression.Evaluate(evaluation, &value)) return false;
  result->reset();
  switch (value.kind) {
    case Kind::kNil:
      return true;
    case Kind::kInt:
      *result = value.integer;
      return true;
    case Kind::kDouble:
      *result = TruncateToInt(value.number);
      return true;
    case Kind::kBool:
      *result = value.boolean ? 1 : 0;
      return true;
    case Kind::kString:
      return Take(ParseInt(value.view()), value, "an int", evaluation, result);
    default:
      return FailType(value, evaluation);
  }
}

bool GetFloatLike(const Expression& expression, Evaluation* evaluation, std::optional<double>* result) {
  Value value;
  if (!expression.Evaluate(evaluation, &value)) return false;
  result->reset();
  switch (value.kind) {
    case Kind::kNil:
      return true;
    case Kind::kInt:
      *result = static_cast<double>(value.integer);
      return true;
    case Kind::kDouble:
      *result = value.number;
      return true;
    case Kind::kBool:
      *result = value.boolean ? 1 : 0;
      return true;
    case Kind::kString:
      return Take(ParseFloat(value.view()), value, "a float", evaluation, result);
    default:
      return FailType(value, evaluation);
  }
}

bool GetBoolLike(const Expression& expression, Evaluation* evaluation, std::optional<bool>* result) {
  Value value;
  if (!expression.Evaluate(evaluation, &value)) return false;
  result->reset();
  switch (value.kind) {
    case Kind::kNil:
      return true;
    case Kind::kBool:
      *result = value.boolean;
      return true;
    case Kind::kInt:
    case Kind::kGoInt:
      *result = value.integer != 0;
      return true;
    case Kind::kDouble:
      *result = value.number != 0;
      return true;
    case Kind::kString:
      return Take(ParseBool(value.view()), value, "a bool", evaluation, result);
    default:
      return FailType(value, evaluation);
  }
}

bool GetBytesLike(const Expression& expression, Evaluation* evaluation, std::optional<std::string_view>* result) {
  Value value;
  if (!expression.Evaluate(evaluation, &value)) return false;
  result->reset();
  switch (value.kind) {
    case Kind::kNil:
      return true;
    case Kind::kString:
    case Kind::kBytes:
      *result = value.view();
      return true;
    case Kind::kInt:
    case Kind::kDouble: {
      // Eight bytes, the most significant first.
      uint64_t bits;
      std::memcpy(&bits, &value.integer, sizeof(bits));
      bits = __builtin_bswap64(bits);
      return CopyText({reinterpret_cast<const char*>(&bits), sizeof(bits)}, evaluation, result);
    }
    case Kind::kBool:
      *result = value.boolean ? std::string_view("\1", 1) : std::string_view("\0", 1);
      return true;
    default:
      return FailType(value, evaluation);
  }
}

}  // namespace tailrace::ottl

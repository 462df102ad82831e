// Ids of traces, spans and profiles, from bytes or hexadecimal digits; whether a span is the root.
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "processors/ottl/functions/make.h"
#include "processors/ottl/functions/table.h"

namespace tailrace::ottl {
namespace {

bool IsHex(std::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isxdigit(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

// `size` bytes, or twice as many hexadecimal digits.
bool ReadId(std::string_view bytes, Kind kind, size_t size, Evaluation* evaluation, Value* result) {
  std::string decoded;
  if (bytes.size() == 2 * size) {
    if (!IsHex(bytes)) return evaluation->Fail("could not decode ID: invalid hex");
    decoded = absl::HexStringToBytes({bytes.data(), bytes.size()});
    bytes = decoded;
  }
  if (bytes.size() != size) {
    return evaluation->Fail("could not decode ID: expected " + std::to_string(size) + " or " +
                            std::to_string(2 * size) + " bytes, got " + std::to_string(bytes.size()));
  }
  const std::string_view copy = evaluation->arena.Copy(bytes);
  if (copy.data() == nullptr) return FailMemory(evaluation);
  *result = Value::Text(kind, copy);
  return true;
}

// A call of literals: known at start, or refused then.
class ConstantId final : public Expression {
 public:
  bool Read(std::string_view bytes, Kind kind, size_t size) { return ReadId(bytes, kind, size, &memory_, &value_); }
  bool Evaluate(Evaluation*, Value* result) const override { return SetValue(value_, result); }
  const Value* constant() const override { return &value_; }
  const std::string& error() const { return memory_.error; }

 private:
  Evaluation memory_;
  Value value_;
};

// A profile's id is like no id that a span has: a span id's kind with a trace id's size.
template <Kind kKind, size_t kSize>
Made MakeId(Arguments arguments) {
  ExpressionPtr target = std::move(arguments[0].expression);
  if (target->constant() != nullptr) {
    Evaluation evaluation;
    std::optional<std::string_view> bytes;
    auto id = std::make_unique<ConstantId>();
    if (!GetBytesLike(*target, &evaluation, &bytes)) return absl::InvalidArgumentError(evaluation.error);
    if (!id->Read(bytes.value_or(""), kKind, kSize)) return absl::InvalidArgumentError(id->error());
    return id;
  }
  return Call([target = std::move(target)](Evaluation* evaluation, Value* result) {
    std::optional<std::string_view> bytes;
    if (!GetBytesLike(*target, evaluation, &bytes)) return false;
    return ReadId(bytes.value_or(""), kKind, kSize, evaluation, result);
  });
}

Made MakeIsRootSpan(Arguments) {
  return Call([](Evaluation* evaluation, Value* result) {
    const std::string_view parent = evaluation->span->fields().parent_span_id;
    return SetValue(Value::Bool(parent.find_first_not_of('\0') == std::string_view::npos), result);
  });
}

}  // namespace

void AddIdFunctions(std::vector<Function>* all) {
  const Parameter target = {"target", ParameterType::kBytesLike};
  all->push_back({"TraceID", {target}, MakeId<Kind::kTraceId, 16>});
  all->push_back({"SpanID", {target}, MakeId<Kind::kSpanId, 8>});
  all->push_back({"ProfileID", {target}, MakeId<Kind::kSpanId, 16>});
  all->push_back({"IsRootSpan", {}, MakeIsRootSpan, nullptr, true});
}

}  // namespace tailrace::ottl

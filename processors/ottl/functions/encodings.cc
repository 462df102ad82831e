// Bytes to text and back: hexadecimal, base64, character sets.
#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "processors/ottl/functions/charsets.h"
#include "processors/ottl/functions/make.h"
#include "processors/ottl/functions/table.h"

namespace tailrace::ottl {
namespace {

absl::string_view ForAbsl(std::string_view text) { return {text.data(), text.size()}; }

Made MakeHex(Arguments arguments) {
  return Call([target = std::move(arguments[0].expression)](Evaluation* evaluation, Value* result) {
    std::optional<std::string_view> bytes;
    if (!GetBytesLike(*target, evaluation, &bytes)) return false;
    return SetString(absl::BytesToHexString(ForAbsl(bytes.value_or(""))), evaluation, result);
  });
}

struct Base64 {
  bool url = false;
  bool padded = true;
};

std::optional<Base64> Base64Of(std::string_view name) {
  if (name == "base64") return Base64{};
  if (name == "base64-raw") return Base64{false, false};
  if (name == "base64-url") return Base64{true, true};
  if (name == "base64-raw-url") return Base64{true, false};
  return {};
}

std::string Encode(Base64 variant, std::string_view bytes) {
  std::string text = absl::Base64Escape(ForAbsl(bytes));
  if (variant.url) {
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
  }
  if (!variant.padded) text.erase(text.find_last_not_of('=') + 1);
  return text;
}

// The digits' values; -1 for what is none.
int Base64Digit(Base64 variant, char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == (variant.url ? '-' : '+')) return 62;
  if (c == (variant.url ? '_' : '/')) return 63;
  return -1;
}

// Line ends are passed over; padding is there or not as the variant says; spare bits of the last digit do not count.
bool Decode(Base64 variant, std::string_view text, std::string* bytes) {
  uint32_t bits = 0;
  uint32_t digits = 0;
  uint32_t padding = 0;
  for (const char c : text) {
    if (c == '\r' || c == '\n') continue;
    if (c == '=' && variant.padded) {
      ++padding;
      continue;
    }
    const int digit = Base64Digit(variant, c);
    if (digit < 0 || padding > 0) return false;
    bits = bits << 6 | static_cast<uint32_t>(digit);
    if (++digits % 4 == 0) {
      for (const int shift : {16, 8, 0}) bytes->push_back(static_cast<char>(bits >> shift));
    }
  }
  const uint32_t rest = digits % 4;
  if (rest == 1 || (variant.padded && padding != (4 - rest) % 4)) return false;
  if (rest == 2) bytes->push_back(static_cast<char>(bits >> 4));
  if (rest == 3) {
    bytes->push_back(static_cast<char>(bits >> 10));
    bytes->push_back(static_cast<char>(bits >> 2));
  }
  return true;
}

Made MakeBase64Encode(Arguments arguments) {
  return Call([target = std::move(arguments[0].expression), variant = std::move(arguments[1].expression)](
                  Evaluation* evaluation, Value* result) {
    std::string_view bytes;
    std::string_view name = "base64";
    if (!GetString(*target, evaluation, &bytes)) return false;
    if (variant != nullptr && !GetString(*variant, evaluation, &name)) return false;
    const std::optional<Base64> base64 = Base64Of(name);
    if (!base64.has_value()) return evaluation->Fail("unsupported base64 variant: " + std::string(name));
    return SetString(Encode(*base64, bytes), evaluation, result);
  });
}

bool DecodeBytes(const std::string& encoding, std::string_view bytes, Evaluation* evaluation, Value* result) {
  std::string text;
  if (const std::optional<Base64> base64 = Base64Of(encoding)) {
    if (!Decode(*base64, bytes, &text)) return evaluation->Fail("Decode: not " + encoding);
    return SetString(text, evaluation, result);
  }
  const std::string name = absl::AsciiStrToLower(encoding);
  if (name == "nop" || name == "utf-8-raw" || name == "utf8-raw") return SetString(bytes, evaluation, result);
  const Charset* charset = FindCharset(name);
  if (charset == nullptr || !FromCharset(*charset, bytes, &text)) {
    return evaluation->Fail("unsupported encoding '" + encoding + "'");
  }
  return SetString(text, evaluation, result);
}

Made MakeDecode(Arguments arguments) {
  const ExpressionPtr& encoding = arguments[1].expression;
  if (encoding->constant() != nullptr) {
    Evaluation probe;
    Value ignored;
    const std::string name(encoding->constant()->view());
    if (!Base64Of(name).has_value() && !DecodeBytes(name, "", &probe, &ignored)) {
      return absl::InvalidArgumentError(probe.error);
    }
  }
  return Call([target = std::move(arguments[0].expression), encoding = std::move(arguments[1].expression)](
                  Evaluation* evaluation, Value* result) {
    Value value;
    std::string_view name;
    if (!target->Evaluate(evaluation, &value) || !GetString(*encoding, evaluation, &name)) return false;
    if (!value.is(Kind::kString) && !value.is(Kind::kBytes)) {
      return evaluation->Fail("Decode takes text or bytes");
    }
    return DecodeBytes(std::string(name), value.view(), evaluation, result);
  });
}

}  // namespace

void AddEncodingFunctions(std::vector<Function>* all) {
  all->push_back({"Hex", {{"target", ParameterType::kBytesLike}}, MakeHex});
  all->push_back({"Base64Encode",
                  {{"target", ParameterType::kString}, {"variant", ParameterType::kString, true}},
                  MakeBase64Encode});
  all->push_back({"Decode", {{"target"}, {"encoding", ParameterType::kString}}, MakeDecode});
}

}  // namespace tailrace::ottl

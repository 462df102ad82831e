#include "processors/spans/value_text.h"

#include <charconv>
#include <cmath>

#include "proto/any_value.h"
#include "proto/json_writer.h"

namespace tailrace {
namespace {

template <class Number>
std::string NumberText(Number number) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof(digits), number);
  return {digits, end.ptr};
}

std::string DoubleText(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  return NumberText(number);
}

std::string ScalarText(const AnyValue& value) {
  switch (value.kind) {
    case AnyKind::kBool:
      return value.boolean ? "true" : "false";
    case AnyKind::kInt:
      return NumberText(value.integer);
    case AnyKind::kDouble:
      return DoubleText(value.number);
    default:
      return {};
  }
}

bool IsScalar(AnyKind kind) { return kind == AnyKind::kBool || kind == AnyKind::kInt || kind == AnyKind::kDouble; }

}  // namespace

std::string Shortened(std::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  size_t end = bytes_max;
  // Bytes that continue a character begin with the bits 10; a character has four bytes at most.
  for (int back = 0; back < 3 && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80; ++back) --end;
  return std::string(text.substr(0, end)) + "\xE2\x80\xA6";
}

std::string ValueText(std::string_view any_value) {
  const AnyValue value = ReadAnyValue(any_value);
  if (value.kind == AnyKind::kString) return Shortened(value.bytes);
  if (IsScalar(value.kind)) return ScalarText(value);
  std::string json;
  if (value.kind == AnyKind::kEmpty || !WriteAnyValueJson(any_value, &json)) return {};
  return Shortened(json);
}

bool ValueIs(std::string_view any_value, std::string_view text) {
  const AnyValue value = ReadAnyValue(any_value);
  if (value.kind == AnyKind::kString) return value.bytes == text;
  return IsScalar(value.kind) && ScalarText(value) == text;
}

}  // namespace tailrace

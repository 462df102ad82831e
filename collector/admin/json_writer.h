// JsonWriter: JSON text, written from front to back. Brackets close by themselves, and what is no UTF-8 becomes U+FFFD,
// so that the text is valid whatever names come by.
//
//   JsonWriter json;
//   json.Object([&] {
//     json.Field("id", id);
//     json.Key("policies").Array([&] { for (const auto& name : names) json.Value(name); });
//   });
//   return JsonAnswer(json.Take());
//
// One thread.
#pragma once

#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "collector/telemetry/json_text.h"

namespace tailrace {

class JsonWriter {
 public:
  template <class Body>
  void Object(const Body& body) {
    Enclose('{', body, '}');
  }
  template <class Body>
  void Array(const Body& body) {
    Enclose('[', body, ']');
  }

  // In an object; the value follows.
  JsonWriter& Key(std::string_view key) {
    Value(key);
    text_ += ':';
    needs_comma_ = false;
    return *this;
  }
  template <class T>
  void Field(std::string_view key, const T& value) {
    Key(key).Value(value);
  }

  void Value(std::string_view text) { Raw(JsonQuote(text)); }
  void Value(const std::string& text) { Value(std::string_view(text)); }
  void Value(const char* text) { Value(std::string_view(text)); }
  void Value(std::nullptr_t) { Raw("null"); }
  void Value(bool value) { Raw(value ? "true" : "false"); }
  void Value(std::integral auto number) { Raw(std::to_string(number)); }
  // The shortest text that reads back to the same number. JSON has no infinity and no NaN: those are null.
  void Value(double number) {
    if (!std::isfinite(number)) return Value(nullptr);
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
    Raw({digits, static_cast<size_t>(end - digits)});
  }
  template <class T>
  void Value(const std::optional<T>& value) {
    value.has_value() ? Value(*value) : Value(nullptr);
  }

  // A value that is JSON text already.
  void Raw(std::string_view json) {
    if (needs_comma_) text_ += ',';
    text_ += json;
    needs_comma_ = true;
  }

  size_t size() const { return text_.size(); }
  std::string Take() { return std::move(text_); }

 private:
  template <class Body>
  void Enclose(char open, const Body& body, char close) {
    if (needs_comma_) text_ += ',';
    text_ += open;
    needs_comma_ = false;
    body();
    text_ += close;
    needs_comma_ = true;
  }

  std::string text_;
  bool needs_comma_ = false;
};

}  // namespace tailrace

#include "processors/ottl/functions/letter_case.h"

#include <locale.h>
#include <wctype.h>

#include "absl/strings/ascii.h"
#include "processors/ottl/functions/utf8.h"

namespace tailrace::ottl {
namespace {

// The C library's tables of simple mappings, without the process's locale. Lives for the whole run.
locale_t Unicode() {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

template <typename Map>
std::string MapRunes(std::string_view text, Map map) {
  std::string mapped;
  mapped.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const Rune rune = DecodeRune(text.substr(at));
    AppendRune(map(rune.code), &mapped);
    at += rune.size;
  }
  return mapped;
}

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsBetween(char c) { return c == '_' || c == ' ' || c == '-' || c == '.'; }

}  // namespace

std::string ToLowerCase(std::string_view text) {
  return MapRunes(text, [](uint32_t code) { return static_cast<uint32_t>(towlower_l(code, Unicode())); });
}

std::string ToUpperCase(std::string_view text) {
  return MapRunes(text, [](uint32_t code) { return static_cast<uint32_t>(towupper_l(code, Unicode())); });
}

std::string ToSnakeCase(std::string_view text) {
  text = TrimSpace(text);
  std::string snake;
  snake.reserve(text.size() + 8);
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    const bool changes = (IsUpper(c) && (IsLower(next) || IsDigit(next))) ||
                         (IsLower(c) && (IsUpper(next) || IsDigit(next))) ||
                         (IsDigit(c) && (IsUpper(next) || IsLower(next)));
    if (!changes) {
      snake.push_back(IsBetween(c) ? '_' : lower);
      continue;
    }
    // The last capital of several begins the next word.
    if (IsUpper(c) && IsLower(next) && i > 0 && IsUpper(text[i - 1])) snake.push_back('_');
    snake.push_back(lower);
    if (IsLower(c) || IsDigit(c) || IsDigit(next)) snake.push_back('_');
  }
  return snake;
}

std::string ToCamelCase(std::string_view text) {
  text = TrimSpace(text);
  std::string camel;
  camel.reserve(text.size());
  bool capital_next = true;
  bool after_capital = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    char mapped = c;
    if (capital_next) {
      mapped = absl::ascii_toupper(static_cast<unsigned char>(c));
    } else if (after_capital && IsUpper(c)) {
      mapped = absl::ascii_tolower(static_cast<unsigned char>(c));
    }
    after_capital = IsUpper(c);
    if (IsUpper(c) || IsLower(c)) {
      camel.push_back(mapped);
      capital_next = false;
    } else if (IsDigit(c)) {
      camel.push_back(c);
      capital_next = true;
    } else {
      capital_next = IsBetween(c);
    }
  }
  return camel;
}

}  // namespace tailrace::ottl

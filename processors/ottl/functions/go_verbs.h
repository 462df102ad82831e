// One verb of Go's fmt package with its flags, and how text and numbers are written by it. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tailrace::ottl {

// As in `%-8.3f`. Width and precision are at most a million, as in Go.
struct Verb {
  static constexpr int kSizeMax = 1'000'000;

  bool plus = false;
  bool minus = false;
  bool sharp = false;
  bool space = false;
  bool zero = false;
  std::optional<int> width;
  std::optional<int> precision;
  uint32_t letter = 0;

  bool IsOneOf(std::string_view letters) const {
    return letter < 0x80 && letters.find(static_cast<char>(letter)) != std::string_view::npos;
  }
};

// `what`, filled up to the width.
void Pad(const Verb& verb, std::string_view what, std::string* text);
// By v d b o O x X.
void AppendInteger(const Verb& verb, int64_t number, std::string* text);
// By v f F e E g G.
void AppendFloat(const Verb& verb, double number, std::string* text);
// By v s q x X.
void AppendText(const Verb& verb, std::string_view from, std::string* text);
// The character of that number: by c q U.
void AppendRuneOf(const Verb& verb, int64_t number, std::string* text);

}  // namespace tailrace::ottl

// The little text handling that requests and answers need, on std::string_view: Debian's Abseil has a string_view of
// its own. Pure functions.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tailrace {

inline char LowerCase(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

inline bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (LowerCase(a[i]) != LowerCase(b[i])) return false;
  }
  return true;
}

// Without the spaces and tabs around it.
inline std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

inline void AppendPiece(std::string* out, std::string_view piece) { out->append(piece); }
inline void AppendPiece(std::string* out, uint64_t number) {
  char digits[20];
  out->append(digits, std::to_chars(digits, digits + sizeof(digits), number).ptr);
}

// Text and unsigned numbers, one after the other.
template <typename... Pieces>
void AppendAll(std::string* out, const Pieces&... pieces) {
  (AppendPiece(out, pieces), ...);
}
template <typename... Pieces>
std::string Joined(const Pieces&... pieces) {
  std::string out;
  AppendAll(&out, pieces...);
  return out;
}

}  // namespace tailrace

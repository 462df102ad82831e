#include "processors/ottl/compiler/trace_state.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace tailrace::ottl {
namespace {

constexpr size_t kMembersMax = 32;
constexpr size_t kValueMax = 256;

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsLowerOrDigit(char c) { return IsLower(c) || (c >= '0' && c <= '9'); }
bool IsKeyChar(char c) { return IsLowerOrDigit(c) || c == '_' || c == '-' || c == '*' || c == '/'; }

bool IsKeyPart(std::string_view part, bool digit_first, size_t rest_max) {
  if (part.empty() || part.size() - 1 > rest_max) return false;
  if (!(digit_first ? IsLowerOrDigit(part[0]) : IsLower(part[0]))) return false;
  return std::all_of(part.begin() + 1, part.end(), IsKeyChar);
}

// "vendor", or "tenant@system".
bool IsKey(std::string_view key) {
  const size_t at = key.find('@');
  if (at == std::string_view::npos) return IsKeyPart(key, false, 255);
  return IsKeyPart(key.substr(0, at), true, 240) && IsKeyPart(key.substr(at + 1), false, 13);
}

bool IsValue(std::string_view value) {
  if (value.empty() || value.size() > kValueMax || value.back() == ' ') return false;
  return std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~' && c != ',' && c != '='; });
}

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

bool Split(std::string_view member, std::string_view* key, std::string_view* value) {
  const size_t equals = member.find('=');
  if (equals == std::string_view::npos) return false;
  *key = member.substr(0, equals);
  *value = member.substr(equals + 1);
  while (!key->empty() && IsBlank(key->front())) key->remove_prefix(1);
  while (!value->empty() && IsBlank(value->back())) value->remove_suffix(1);
  return IsKey(*key) && IsValue(*value);
}

}  // namespace

bool FindInTraceState(std::string_view state, std::string_view key, std::string_view* value) {
  *value = std::string_view("", 0);
  std::array<std::string_view, kMembersMax> seen;
  size_t count = 0;
  while (!state.empty()) {
    const size_t comma = state.find(',');
    const std::string_view member = state.substr(0, comma);
    state = comma == std::string_view::npos ? std::string_view() : state.substr(comma + 1);
    if (member.empty()) continue;
    std::string_view member_key;
    std::string_view member_value;
    if (!Split(member, &member_key, &member_value)) return false;
    const auto end = seen.begin() + static_cast<ptrdiff_t>(count);
    if (count == kMembersMax || std::find(seen.begin(), end, member_key) != end) return false;
    seen[count++] = member_key;
    if (member_key == key) *value = member_value;
  }
  return true;
}

}  // namespace tailrace::ottl

#include "processors/policies/trace_state.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tailrace {
namespace {

constexpr size_t kMembersMax = 32;

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsLowerOrDigit(char c) { return IsLower(c) || (c >= '0' && c <= '9'); }

bool IsKeyTail(std::string_view tail, size_t size_max) {
  if (tail.size() > size_max) return false;
  return std::all_of(tail.begin(), tail.end(),
                     [](char c) { return IsLowerOrDigit(c) || c == '_' || c == '-' || c == '*' || c == '/'; });
}

// A letter first.
bool IsKeyPart(std::string_view part, size_t tail_max) {
  return !part.empty() && IsLower(part[0]) && IsKeyTail(part.substr(1), tail_max);
}

// `key` or `tenant@system`.
bool IsKey(std::string_view key) {
  const size_t at = key.find('@');
  if (at == std::string_view::npos) return IsKeyPart(key, 255);
  const std::string_view tenant = key.substr(0, at);
  return !tenant.empty() && IsLowerOrDigit(tenant[0]) && IsKeyTail(tenant.substr(1), 240) &&
         IsKeyPart(key.substr(at + 1), 13);
}

// Printable ASCII without `,` and `=`, not ending in a blank.
bool IsValue(std::string_view value) {
  if (value.empty() || value.size() > 256 || value.back() == ' ') return false;
  return std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~' && c != ',' && c != '='; });
}

// "key=value" taken apart; false where it is no member.
bool ReadMember(std::string_view member, std::string_view* key, std::string_view* value) {
  const size_t equals = member.find('=');
  if (equals == std::string_view::npos) return false;
  *key = member.substr(0, equals);
  *value = member.substr(equals + 1);
  key->remove_prefix(std::min(key->find_first_not_of(" \t"), key->size()));
  value->remove_suffix(value->size() - (value->find_last_not_of(" \t") + 1));
  return IsKey(*key) && IsValue(*value);
}

}  // namespace

std::string_view FindTraceStateMember(std::string_view trace_state, std::string_view key) {
  std::array<std::string_view, kMembersMax> keys;
  size_t count = 0;
  std::string_view found;
  while (!trace_state.empty()) {
    const size_t comma = trace_state.find(',');
    const std::string_view member = trace_state.substr(0, comma);
    trace_state = comma == std::string_view::npos ? std::string_view() : trace_state.substr(comma + 1);
    if (member.empty()) continue;
    std::string_view member_key, value;
    if (!ReadMember(member, &member_key, &value) || count == kMembersMax) return {};
    if (std::find(keys.begin(), keys.begin() + count, member_key) != keys.begin() + count) return {};
    keys[count++] = member_key;
    if (member_key == key) found = value;
  }
  return found;
}

TraceStateQuestion::TraceStateQuestion(std::string key, const std::vector<std::string>& values) : key_(std::move(key)) {
  constexpr size_t kMemberSizeMax = 255;
  for (const std::string& value : values) {
    if (!value.empty() && key_.size() + value.size() <= kMemberSizeMax) values_.push_back(value);
  }
  std::sort(values_.begin(), values_.end());
}

Answer TraceStateQuestion::Ask(SpanView* span) {
  const std::string_view trace_state = span->fields().trace_state;
  if (trace_state.empty()) return Answer::kNo;
  const std::string_view value = FindTraceStateMember(trace_state, key_);
  return !value.empty() && std::binary_search(values_.begin(), values_.end(), value) ? Answer::kYes : Answer::kNo;
}

}  // namespace tailrace

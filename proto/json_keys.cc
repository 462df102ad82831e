#include "proto/json_keys.h"

namespace tailrace::otlp_json {
namespace {

// True where `key` is `camel` as snake_case.
bool IsSnakeOf(std::string_view camel, std::string_view key) {
  size_t i = 0;
  for (const char c : camel) {
    if (c >= 'A' && c <= 'Z') {
      if (i + 1 >= key.size() || key[i] != '_' || key[i + 1] != (c | 0x20)) return false;
      i += 2;
    } else {
      if (i >= key.size() || key[i] != c) return false;
      ++i;
    }
  }
  return i == key.size();
}

}  // namespace

const Field* FindSnakeField(std::span<const Field> fields, std::string_view key) {
  for (const Field& field : fields) {
    if (IsSnakeOf(field.key, key)) return &field;
  }
  return nullptr;
}

}  // namespace tailrace::otlp_json

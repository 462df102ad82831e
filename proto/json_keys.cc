#include "proto/json_keys.h"

namespace tailrace::otlp_json {
namespace {

// True where `key` is `camel` as snake_case.
bool IsSnakeOf(const char* camel, std::string_view key) {
  size_t i = 0;
  for (; *camel != 0; ++camel) {
    if (*camel >= 'A' && *camel <= 'Z') {
      if (i + 1 >= key.size() || key[i] != '_' || key[i + 1] != (*camel | 0x20)) return false;
      i += 2;
    } else {
      if (i >= key.size() || key[i] != *camel) return false;
      ++i;
    }
  }
  return i == key.size();
}

}  // namespace

const Field* FindField(std::span<const Field> fields, std::string_view key, size_t* guess) {
  size_t i = *guess;
  for (size_t tries = 0; tries < fields.size(); ++tries) {
    const size_t next = i + 1 == fields.size() ? 0 : i + 1;
    if (key == fields[i].key) {
      *guess = next;
      return &fields[i];
    }
    i = next;
  }
  if (key.find('_') == std::string_view::npos) return nullptr;
  for (const Field& field : fields) {
    if (IsSnakeOf(field.key, key)) return &field;
  }
  return nullptr;
}

}  // namespace tailrace::otlp_json

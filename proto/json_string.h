// JSON strings from bytes that a client sent: escapes what JSON asks for, and each byte that is part of no well-formed
// UTF-8 sequence becomes U+FFFD, so that every line written is valid JSON. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/utf8.h"

namespace tailrace {

inline void AppendJsonEscape(uint8_t c, std::string* out) {
  static constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out->append("\\\"");
      return;
    case '\\':
      out->append("\\\\");
      return;
    case '\n':
      out->append("\\n");
      return;
    case '\r':
      out->append("\\r");
      return;
    case '\t':
      out->append("\\t");
      return;
    default:
      out->append("\\u00");
      out->push_back(kHex[c >> 4]);
      out->push_back(kHex[c & 15]);
  }
}

// Appends `text` as a JSON string with its quotes.
inline void AppendJsonString(std::string_view text, std::string* out) {
  out->push_back('"');
  size_t run = 0;  // what stands before `at` from here on needs no change and is copied at once
  size_t at = 0;
  while (at < text.size()) {
    const uint8_t c = static_cast<uint8_t>(text[at]);
    if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
      ++at;
      continue;
    }
    const size_t length = c < 0x80 ? 0 : Utf8Length(text.substr(at));
    if (length != 0) {
      at += length;
      continue;
    }
    out->append(text.substr(run, at - run));
    if (c < 0x80) {
      AppendJsonEscape(c, out);
    } else {
      out->append("\xEF\xBF\xBD");
    }
    run = ++at;
  }
  out->append(text.substr(run));
  out->push_back('"');
}

}  // namespace tailrace

// Text rune by rune, as Go reads it: a byte that belongs to no well-formed sequence is U+FFFD, one byte long.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/json_string.h"

namespace tailrace::ottl {

struct Rune {
  uint32_t code = 0xFFFD;
  uint32_t size = 1;  // bytes; with U+FFFD and 1: no UTF-8
};

// `text` is not empty.
inline Rune DecodeRune(std::string_view text) {
  const auto byte = [&text](size_t at) { return static_cast<uint32_t>(static_cast<unsigned char>(text[at])); };
  if (byte(0) < 0x80) return {byte(0), 1};
  switch (Utf8Length(text)) {
    case 2:
      return {(byte(0) & 0x1F) << 6 | (byte(1) & 0x3F), 2};
    case 3:
      return {(byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F), 3};
    case 4:
      return {(byte(0) & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F), 4};
    default:
      return {};
  }
}

// What is no code point becomes U+FFFD.
inline void AppendRune(uint32_t code, std::string* text) {
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
  const auto push = [text](uint32_t byte) { text->push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    push(code);
  } else if (code < 0x800) {
    push(0xC0 | code >> 6);
    push(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    push(0xE0 | code >> 12);
    push(0x80 | (code >> 6 & 0x3F));
    push(0x80 | (code & 0x3F));
  } else {
    push(0xF0 | code >> 18);
    push(0x80 | (code >> 12 & 0x3F));
    push(0x80 | (code >> 6 & 0x3F));
    push(0x80 | (code & 0x3F));
  }
}

// Unicode's White_Space.
inline bool IsSpace(uint32_t code) {
  return (code >= 9 && code <= 13) || code == ' ' || code == 0x85 || code == 0xA0 || code == 0x1680 ||
         (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F || code == 0x205F ||
         code == 0x3000;
}

inline std::string_view TrimSpace(std::string_view text) {
  while (!text.empty()) {
    const Rune first = DecodeRune(text);
    if (!IsSpace(first.code)) break;
    text.remove_prefix(first.size);
  }
  while (!text.empty()) {
    size_t begin = text.size() - 1;
    while (begin > 0 && text.size() - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
    const Rune last = DecodeRune(text.substr(begin));
    if (begin + last.size != text.size() || !IsSpace(last.code)) break;
    text.remove_suffix(last.size);
  }
  return text;
}

}  // namespace tailrace::ottl

// What literals stand for: Go's rules for quoted strings and numbers, as far as OTTL's lexer lets them through.
//
// Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tailrace::ottl {

// False where the literal is malformed or out of range.
bool Unquote(std::string_view quoted, std::string* text);  // "a\n"
bool ParseInt(std::string_view digits, int64_t* value);    // a leading 0 means octal
bool ParseFloat(std::string_view digits, double* value);
bool ParseBytes(std::string_view literal, std::string* bytes);  // 0x00ff: an even number of digits

}  // namespace tailrace::ottl

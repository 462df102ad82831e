// Character sets by their IANA names, and text of them as UTF-8. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace tailrace::ottl {

// What reads a character set: nothing where there is none of that name. Valid for the whole run.
struct Charset;
const Charset* FindCharset(std::string_view name);

// What does not belong to the character set becomes U+FFFD. False: the C library lacks the tables.
bool FromCharset(const Charset& charset, std::string_view bytes, std::string* text);

}  // namespace tailrace::ottl

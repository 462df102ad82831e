// JsonQuote: a string as JSON text, quotes included. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace tailrace {

// Control characters are escaped, and bytes that are no UTF-8 become U+FFFD: always valid JSON, on one line.
std::string JsonQuote(std::string_view text);

// `text` on one line for a terminal: control characters as \n, \t, \u00XX, the rest as it stands.
std::string OneLine(std::string_view text);

}  // namespace tailrace

// Letter case as Go's strings package and the Collector's case functions have it. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace tailrace::ottl {

// By Unicode's simple mappings; a byte that is no UTF-8 becomes U+FFFD unless all of the text is ASCII.
std::string ToLowerCase(std::string_view text);
std::string ToUpperCase(std::string_view text);
// ASCII only: "someName2" is some_name_2, "some_name" is SomeName.
std::string ToSnakeCase(std::string_view text);
std::string ToCamelCase(std::string_view text);

}  // namespace tailrace::ottl

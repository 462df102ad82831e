// Attribute values and other texts that a client sent, as short text for people. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tailrace {

// Longer texts are cut for an answer.
inline constexpr size_t kShownTextMax = 1024;

// At most `bytes_max` bytes of `text`, not cut within a character; where it was cut, an ellipsis follows. What is no
// UTF-8 stays as it is.
std::string Shortened(std::string_view text, size_t bytes_max = kShownTextMax);

// An AnyValue message as text: strings as they are, numbers in decimal, true or false, the rest as OTLP/JSON.
// Shortened.
std::string ValueText(std::string_view any_value);

// Whether the value's text is `text`: what somebody who looks for KEY=VALUE means.
bool ValueIs(std::string_view any_value, std::string_view text);

}  // namespace tailrace

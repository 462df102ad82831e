// Values as text: JSON as Go's encoder writes it, and the plain text of an attribute's value. Pure; any thread.
#pragma once

#include <string>

#include "processors/ottl/value.h"

namespace tailrace::ottl {

// The Collector has two encoders, which differ in a few letters.
enum class JsonStyle : uint8_t {
  kOttl,   // of OTTL's functions: < > & as \u003c, 1e-07
  kPdata,  // of an attribute's text: < > & as they are, 1e-7, \b and \f
};

// Appends `value`: keys sorted, of one that comes twice the last, bytes as base64, broken UTF-8 as U+FFFD. False where
// Go refuses: a number that is not finite, a year of more than four digits; `text` is then unfinished.
bool AppendJson(const Value& value, std::string* text, JsonStyle style = JsonStyle::kOttl);

// Shortest digits that read back as `number`, without exponent from 1e-6 up to 1e21; "NaN", "Infinity", "-Infinity".
void AppendNumber(double number, std::string* text);

// What the Collector shows an attribute's value as: text as it is, nil as nothing, bytes as base64, the rest as JSON.
std::string AsString(const Value& value);

}  // namespace tailrace::ottl

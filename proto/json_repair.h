// Two things that are good JSON to most readers and that the parser behind proto/json_reader.cc refuses:
//   * an integer of more than 64 bits: Go writes the double 1e20 as 100000000000000000000;
//   * half of a surrogate pair, "\ud83d": a JavaScript client that cuts a long attribute may cut a character in two.
// Pure; any thread. Only called when the parser has refused, so that it costs nobody else anything.
#pragma once

#include <string>
#include <string_view>

namespace tailrace {

// `json` with long integers made doubles (an exponent of 0 behind them) and lone surrogate escapes made \ufffd. What is
// wrong otherwise stays wrong.
std::string RepairJson(std::string_view json);

}  // namespace tailrace

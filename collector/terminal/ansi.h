// The escape sequences that our own output is made of. `Paint` writes none where colour is off: NO_COLOR, --no-color,
// or an output that is no terminal.
#pragma once

#include <cstddef>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>

namespace tailrace::ansi {

inline constexpr std::string_view kReset = "\x1b[0m";
inline constexpr std::string_view kBold = "\x1b[1m";
inline constexpr std::string_view kDim = "\x1b[2m";
inline constexpr std::string_view kRed = "\x1b[31m";
inline constexpr std::string_view kGreen = "\x1b[32m";
inline constexpr std::string_view kYellow = "\x1b[33m";
inline constexpr std::string_view kReverse = "\x1b[7m";
// For a program that owns the whole screen.
inline constexpr std::string_view kOpenScreen = "\x1b[?1049h\x1b[?25l";
inline constexpr std::string_view kCloseScreen = "\x1b[?25h\x1b[?1049l";
inline constexpr std::string_view kHome = "\x1b[H";
inline constexpr std::string_view kClearLine = "\x1b[K";
inline constexpr std::string_view kClearBelow = "\x1b[J";

inline void Paint(std::string_view style, std::string_view text, bool color, std::string* out) {
  if (color) out->append(style);
  out->append(text);
  if (color) out->append(kReset);
}

// The same colour for the same service in every trace; red is for errors.
inline std::string_view ServiceColor(std::string_view service) {
  static constexpr std::string_view kPalette[] = {"\x1b[36m", "\x1b[33m", "\x1b[32m", "\x1b[35m", "\x1b[34m",
                                                  "\x1b[96m", "\x1b[93m", "\x1b[92m", "\x1b[95m", "\x1b[94m"};
  return kPalette[std::hash<std::string_view>()(service) % std::size(kPalette)];
}

}  // namespace tailrace::ansi

// What there is to know about the place that a verb writes to.
#pragma once

#include <cstddef>

#include "collector/terminal/waterfall_text.h"

namespace tailrace {

struct TerminalFacts {
  bool moves_cursor = false;  // a terminal that understands escape sequences
  size_t columns = 120;
  size_t rows = 40;
  bool color = false;
  bool unicode = true;
};

// Of the descriptor. Columns: the terminal's own, or COLUMNS, or 120. TERM says whether a terminal understands more
// than text. No colour where it does not, NO_COLOR is set to anything, or the caller wants none. ASCII only where the
// locale says so: LC_ALL, LC_CTYPE or LANG, the first that is set, names no UTF-8; where none is set, terminals of
// today are taken to understand it.
TerminalFacts LookAtTerminal(int descriptor, bool want_color);

inline WaterfallStyle StyleFor(const TerminalFacts& facts) {
  return {.columns = facts.columns, .color = facts.color, .unicode = facts.unicode};
}

}  // namespace tailrace

#include "collector/cli/terminal_facts.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "collector/cli/environment.h"

namespace tailrace {
namespace {

constexpr size_t kColumnsMin = 20;
constexpr size_t kColumnsMax = 400;
constexpr size_t kRowsMax = 500;

bool LocaleIsUtf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = absl::AsciiStrToLower(Environment(name).value_or(""));
    if (!value.empty()) return absl::StrContains(value, "utf-8") || absl::StrContains(value, "utf8");
  }
  return true;
}

}  // namespace

TerminalFacts LookAtTerminal(int descriptor, bool want_color) {
  TerminalFacts facts;
  facts.moves_cursor = isatty(descriptor) != 0 && Environment("TERM").value_or("dumb") != "dumb";
  winsize size{};
  uint32_t columns = 0;
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    facts.columns = size.ws_col;
    facts.rows = std::max<size_t>(size.ws_row, 1);
  } else if (absl::SimpleAtoi(Environment("COLUMNS").value_or(""), &columns)) {
    facts.columns = columns;
  }
  facts.columns = std::clamp(facts.columns, kColumnsMin, kColumnsMax);
  facts.rows = std::min(facts.rows, kRowsMax);
  facts.color = want_color && facts.moves_cursor && Environment("NO_COLOR").value_or("").empty();
  facts.unicode = LocaleIsUtf8();
  return facts;
}

}  // namespace tailrace

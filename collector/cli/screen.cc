#include "collector/cli/screen.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "collector/terminal/ansi.h"

namespace tailrace {

Screen::Screen() {
  if (tcgetattr(STDIN_FILENO, &before_) == 0) {
    termios raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    raw.c_cc[VSUSP] = _POSIX_VDISABLE;  // to be stopped in the middle would leave the terminal to others as it is
    keys_changed_ = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
  }
  WriteOut(std::string(ansi::kOpenScreen));
}

Screen::~Screen() {
  WriteOut(std::string(ansi::kReset).append(ansi::kCloseScreen));
  if (keys_changed_) tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

void Screen::Draw(const std::vector<std::string>& lines, size_t rows) {
  std::string frame(ansi::kHome);
  const size_t shown = std::min(lines.size(), rows - std::min<size_t>(rows, 1));
  for (size_t i = 0; i < shown; ++i) {
    if (i > 0) frame.push_back('\n');
    // Before the text: behind a line that fills the terminal some would clear its last column.
    frame.append(ansi::kClearLine).append(lines[i]);
  }
  WriteOut(frame.append("\n").append(ansi::kClearBelow));
}

bool WriteOut(const std::string& text) {
  size_t written = 0;
  while (written < text.size()) {
    const ssize_t size = write(STDOUT_FILENO, text.data() + written, text.size() - written);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return false;
    written += static_cast<size_t>(size);
  }
  return true;
}

}  // namespace tailrace

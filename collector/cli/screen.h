// Screen: the whole terminal, while it lives. What stood there before comes back when it goes, with the cursor and the
// keyboard as they were. Single-writer, one at a time.
#pragma once

#include <termios.h>

#include <cstddef>
#include <string>
#include <vector>

namespace tailrace {

class Screen {
 public:
  // Standard output must be a terminal. Keys come one by one and are not shown where standard input is one, too.
  Screen();
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  // Draws over what is there, without flicker; the last of the `rows` stays free, lines that do not fit are left out.
  void Draw(const std::vector<std::string>& lines, size_t rows);

 private:
  bool keys_changed_ = false;
  termios before_{};
};

// All of it, to standard output, whatever signals come; false when nobody reads any more.
bool WriteOut(const std::string& text);

}  // namespace tailrace

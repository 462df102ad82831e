// LineFile: a file that lines are appended to, whole or not at all: where a write fails half-way (disk full), what was
// written of it is cut off again, so that every line in the file is complete.
//
// Single-writer: one thread.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace tailrace {

class LineFile {
 public:
  LineFile() = default;
  ~LineFile();
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;

  // Makes missing directories. `append`: keeps what is there.
  [[nodiscard]] absl::Status Open(const std::string& path, bool append);
  // Complete lines. After an error the file can be tried again.
  [[nodiscard]] absl::Status Append(std::string_view lines);

 private:
  int fd_ = -1;
  bool torn_ = false;  // the last write left half a line that could not be cut off
};

}  // namespace tailrace

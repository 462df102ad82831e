// LockFile: keeps a second process from using the same store. Released with the object, also when the process is
// killed.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "config/model.h"

namespace tailrace {

class LockFile {
 public:
  LockFile() = default;
  ~LockFile();
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;

  // Waits `timeout` at most for another process to let go.
  [[nodiscard]] absl::Status Take(const std::string& path, config::Duration timeout);

 private:
  int fd_ = -1;
};

}  // namespace tailrace

#include "collector/exporters/lock_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace tailrace {

LockFile::~LockFile() {
  if (fd_ >= 0) close(fd_);
}

absl::Status LockFile::Take(const std::string& path, config::Duration timeout) {
  fd_ = open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (fd_ < 0) return absl::UnavailableError(absl::StrCat("cannot open '", path, "': ", std::strerror(errno)));
  const auto until = std::chrono::steady_clock::now() + timeout;
  while (flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    if (std::chrono::steady_clock::now() >= until) {
      return absl::UnavailableError(absl::StrCat("'", path, "' is locked by another process"));
    }
    poll(nullptr, 0, 20);  // nobody tells when a lock is let go
  }
  return absl::OkStatus();
}

}  // namespace tailrace

#include "collector/exporters/line_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace tailrace {
namespace {

// 0, or errno; `written` is how far it came.
int WriteAll(int fd, std::string_view bytes, size_t* written) {
  while (*written < bytes.size()) {
    const ssize_t n = ::write(fd, bytes.data() + *written, bytes.size() - *written);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    if (n == 0) return ENOSPC;
    *written += static_cast<size_t>(n);
  }
  return 0;
}

}  // namespace

LineFile::~LineFile() {
  if (fd_ >= 0) ::close(fd_);
}

absl::Status LineFile::Open(const std::string& path, bool append) {
  const std::filesystem::path directory = std::filesystem::path(path).parent_path();
  std::error_code error;
  if (!directory.empty()) std::filesystem::create_directories(directory, error);
  if (error) {
    return absl::FailedPreconditionError(
        absl::StrCat("path: cannot make the directory '", directory.string(), "': ", error.message()));
  }
  fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (append ? 0 : O_TRUNC), 0644);
  if (fd_ < 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("path: cannot open '", path, "' for writing: ", std::generic_category().message(errno)));
  }
  return absl::OkStatus();
}

absl::Status LineFile::Append(std::string_view lines) {
  struct stat before {};
  const bool regular = ::fstat(fd_, &before) == 0 && S_ISREG(before.st_mode);
  if (torn_) {
    size_t ended = 0;
    if (WriteAll(fd_, "\n", &ended) == 0) torn_ = false;
  }
  size_t written = 0;
  const int error = WriteAll(fd_, lines, &written);
  if (error == 0) return absl::OkStatus();
  if (written > 0) torn_ = !regular || ::ftruncate(fd_, before.st_size) != 0;
  return absl::DataLossError(std::generic_category().message(error));
}

}  // namespace tailrace

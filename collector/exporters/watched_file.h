// WatchedFile: a small secret in a file (a token, a password), read anew when the file changes. It is looked at once a
// second at most; what was read last is kept while the file is gone or unreadable.
//
// Guarded: own mutex; any thread.
#pragma once

#include <sys/stat.h>

#include <mutex>
#include <string>

#include "absl/status/statusor.h"

namespace tailrace {

class WatchedFile {
 public:
  explicit WatchedFile(std::string path) : path_(std::move(path)) {}

  // Without spaces and line ends around it. An error only where it was never read.
  absl::StatusOr<std::string> Get();
  // Look again with the next Get(), whatever the time.
  void Forget();

 private:
  const std::string path_;
  std::mutex mutex_;
  int64_t looked_ns_ = 0;  // all guarded by mutex_
  bool read_ = false;
  struct timespec changed_ {};
  off_t size_ = -1;
  std::string text_;
};

}  // namespace tailrace

#include "collector/exporters/watched_file.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace tailrace {
namespace {

constexpr int64_t kLookEveryNs = 1'000'000'000;
constexpr off_t kSizeMax = 1 << 20;

int64_t Now() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

}  // namespace

void WatchedFile::Forget() {
  std::lock_guard lock(mutex_);
  looked_ns_ = 0;
  size_ = -1;
}

absl::StatusOr<std::string> WatchedFile::Get() {
  std::lock_guard lock(mutex_);
  const int64_t now = Now();
  if (read_ && looked_ns_ != 0 && now - looked_ns_ < kLookEveryNs) return text_;
  looked_ns_ = now;
  struct stat info {};
  if (stat(path_.c_str(), &info) != 0 || info.st_size > kSizeMax) {
    if (read_) return text_;
    return absl::UnavailableError(absl::StrCat("cannot read '", path_, "': ", std::strerror(errno)));
  }
  const bool same =
      info.st_size == size_ && info.st_mtim.tv_sec == changed_.tv_sec && info.st_mtim.tv_nsec == changed_.tv_nsec;
  if (read_ && same) return text_;
  std::ifstream file(path_, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    if (read_) return text_;
    return absl::UnavailableError(absl::StrCat("cannot read '", path_, "'"));
  }
  text_ = std::string(absl::StripAsciiWhitespace(text.str()));
  changed_ = info.st_mtim;
  size_ = info.st_size;
  read_ = true;
  return text_;
}

}  // namespace tailrace

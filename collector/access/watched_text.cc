#include "collector/access/watched_text.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"

namespace tailrace {

absl::StatusOr<std::string> ReadAccessFile(const std::string& path) {
  const auto failed = [&path](int error) {
    return absl::UnavailableError(absl::StrCat("cannot read '", path, "': ", std::strerror(error)));
  };
  // Non-blocking: a FIFO without a writer must not hold up whoever looks.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return failed(errno);
  const auto close = absl::MakeCleanup([fd] { ::close(fd); });
  std::string text;
  char piece[16384];
  while (true) {
    const ssize_t size = ::read(fd, piece, sizeof(piece));
    if (size == 0) return text;
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return failed(errno);
    text.append(piece, static_cast<size_t>(size));
    if (text.size() > kAccessFileBytesMax) return failed(EFBIG);
  }
}

namespace {

std::vector<std::string> WithoutEmpty(std::vector<std::string> paths) {
  paths.erase(std::remove(paths.begin(), paths.end(), ""), paths.end());
  return paths;
}

}  // namespace

WatchedText::WatchedText(std::vector<std::string> paths) : paths_(WithoutEmpty(std::move(paths))) {}

absl::StatusOr<WatchedText::Digest> WatchedText::Fingerprint(std::vector<std::string>* texts) const {
  std::string all;
  for (const std::string& path : paths_) {
    absl::StatusOr<std::string> text = ReadAccessFile(path);
    if (!text.ok()) return text.status();
    absl::StrAppend(&all, text->size(), ":", *text);
    texts->push_back(*std::move(text));
  }
  Digest digest;
  EVP_Digest(all.data(), all.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return digest;
}

absl::StatusOr<std::vector<std::string>> WatchedText::Read() {
  std::vector<std::string> texts;
  const absl::StatusOr<Digest> digest = Fingerprint(&texts);
  known_ = seen_ = digest.value_or(Digest{});
  if (!digest.ok()) return digest.status();
  return texts;
}

WatchedText::Change WatchedText::Look(std::vector<std::string>* texts) {
  texts->clear();
  const Digest now = Fingerprint(texts).value_or(Digest{});
  const bool settled = std::exchange(seen_, now) == now;
  if (now == known_) return Change::kNone;
  if (!settled) return Change::kUnsettled;
  known_ = now;
  return now == Digest{} ? Change::kUnreadable : Change::kChanged;
}

}  // namespace tailrace

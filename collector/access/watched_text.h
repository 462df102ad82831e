// WatchedText: the content of some small files, looked at from time to time. A change counts when the same content was
// read twice in a row, so that a file is not taken while it is being written.
//
// Ownership: single-writer.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "config/model.h"

namespace tailrace {

inline constexpr size_t kAccessFileBytesMax = size_t{1} << 20;

// The error names the file.
absl::StatusOr<std::string> ReadAccessFile(const std::string& path);

class WatchedText {
 public:
  // Empty paths are no files.
  explicit WatchedText(std::vector<std::string> paths);

  bool watches() const { return !paths_.empty(); }

  // All of them, in their order; what they are now is what a change is measured against.
  absl::StatusOr<std::vector<std::string>> Read();

  enum class Change : uint8_t {
    kNone,
    kUnsettled,  // look again soon
    kChanged,    // `texts` has the new content
    kUnreadable,
  };
  // A change is told once, whatever becomes of it.
  Change Look(std::vector<std::string>* texts);

 private:
  using Digest = std::array<uint8_t, 32>;
  absl::StatusOr<Digest> Fingerprint(std::vector<std::string>* texts) const;

  const std::vector<std::string> paths_;
  // Digests, because what is watched are secrets; all zero: unreadable.
  Digest known_{};
  Digest seen_{};
};

}  // namespace tailrace

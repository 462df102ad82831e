// PatternList: regular expressions of which one must be found in a text (RE2's syntax and matching, unanchored, as Go's
// regexp), and a cache of what was found in which text.
//
// Single-writer. Bounded: the cache holds as many texts as it was told, none of them long; the time is linear in the
// text.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace re2 {
class RE2;
}

namespace tailrace {

class PatternList {
 public:
  static constexpr uint32_t kDefaultCacheSize = 128;
  static constexpr size_t kCachedTextMax = 4096;  // longer texts are matched each time

  // 0: kDefaultCacheSize.
  explicit PatternList(uint32_t cache_size);
  ~PatternList();

  // The error is worded as Go words it: "error parsing regexp: missing closing ): `(`".
  absl::Status Add(const std::string& pattern);
  bool Matches(std::string_view text);

  uint64_t cache_hits() const { return cache_hits_; }

 private:
  struct Cached {
    std::string text;
    bool used = false;
    bool matches = false;
  };

  bool Find(std::string_view text) const;

  std::vector<std::unique_ptr<re2::RE2>> patterns_;
  std::vector<Cached> cache_;  // by the text's hash; the newest of a place stays
  uint64_t cache_hits_ = 0;
};

}  // namespace tailrace

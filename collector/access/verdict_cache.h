// VerdictCache: the last credentials that were found good, and the last that were found wrong, by keyed digest; each
// list bounded, the oldest goes first. Wrong ones push no good one out.
//
// Ownership: whoever guards it.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <set>

#include "collector/access/keyed_digest.h"

namespace tailrace {

class VerdictCache {
 public:
  static constexpr size_t kEntriesMax = 1024;  // of each list

  std::optional<bool> Find(const KeyedDigest::Digest& digest) const {
    if (good_.digests.count(digest) > 0) return true;
    if (wrong_.digests.count(digest) > 0) return false;
    return std::nullopt;
  }
  void Remember(const KeyedDigest::Digest& digest, bool good) {
    List& list = good ? good_ : wrong_;
    if (!list.digests.insert(digest).second) return;
    list.order.push_back(digest);
    if (list.order.size() <= kEntriesMax) return;
    list.digests.erase(list.order.front());
    list.order.pop_front();
  }

 private:
  struct List {
    std::set<KeyedDigest::Digest> digests;
    std::deque<KeyedDigest::Digest> order;
  };
  List good_;
  List wrong_;
};

}  // namespace tailrace

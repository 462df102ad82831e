#include "processors/decision_cache.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace tailrace {

// The set is chosen by the hash's low bits and the tag holds its upper 54, so the two overlap for large caches: with
// 2^k sets the tag adds 64 - max(10, k) bits of its own, 40 at 16 M sets (128 M traces), of which one hides the empty
// mark.

DecisionCache::DecisionCache(uint64_t capacity)
    : sets_(capacity == 0 ? 0 : std::bit_ceil((capacity + kWays - 1) / kWays)) {}

void DecisionCache::Insert(uint64_t hash, uint32_t policy) {
  if (sets_.size() == 0) return;
  uint64_t* entries = SetOf(hash).entries;
  const uint64_t tag = TagOf(hash);
  int at = 0;
  while (at < kWays - 1 && (entries[at] & ~uint64_t{1023}) != tag) ++at;
  std::memmove(entries + 1, entries, static_cast<size_t>(at) * sizeof(uint64_t));
  entries[0] = tag | std::min(policy, kNoPolicy);
}

bool DecisionCache::Find(uint64_t hash, uint32_t* policy) {
  if (sets_.size() == 0) return false;
  uint64_t* entries = SetOf(hash).entries;
  const uint64_t tag = TagOf(hash);
  for (int at = 0; at < kWays; ++at) {
    if ((entries[at] & ~uint64_t{1023}) != tag) continue;
    const uint64_t found = entries[at];
    std::memmove(entries + 1, entries, static_cast<size_t>(at) * sizeof(uint64_t));
    entries[0] = found;
    if (policy != nullptr) *policy = static_cast<uint32_t>(found & 1023);
    return true;
  }
  return false;
}

void DecisionCache::Prefetch(uint64_t hash) const {
  if (sets_.size() != 0) __builtin_prefetch(&sets_[hash & (sets_.size() - 1)]);
}

}  // namespace tailrace

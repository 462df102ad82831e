#include "processors/decision_cache.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace tailrace {
namespace {

// An entry: 54 bits of tag, whose highest is always set, one of the decision, nine of the policy.
constexpr uint64_t kSampledBit = 512;
constexpr uint64_t kTagMask = ~uint64_t{1023};

// The set is chosen by the hash's low bits and the tag holds its upper 54, so the two overlap for large caches: with
// 2^k sets the tag adds 64 - max(10, k) bits of its own, 40 at 16 M sets (128 M traces), of which one hides the empty
// mark.
uint64_t TagOf(uint64_t hash) { return (hash >> 10 | uint64_t{1} << 53) << 10; }

DecisionCache::Remembered Decoded(uint64_t entry) {
  return {(entry & kSampledBit) != 0, static_cast<uint32_t>(entry & (kSampledBit - 1))};
}

// Puts `entry` first; what stood before place `at` moves up by one.
void MoveToFront(uint64_t* entries, int at, uint64_t entry) {
  std::memmove(entries + 1, entries, static_cast<size_t>(at) * sizeof(uint64_t));
  entries[0] = entry;
}

}  // namespace

DecisionCache::DecisionCache(uint64_t sampled_capacity, uint64_t not_sampled_capacity)
    : sets_(sampled_capacity + not_sampled_capacity == 0
                ? 0
                : std::bit_ceil((sampled_capacity + not_sampled_capacity + kWays - 1) / kWays)),
      sampled_ways_(static_cast<int>(std::clamp<uint64_t>(
          kWays * sampled_capacity / std::max<uint64_t>(1, sampled_capacity + not_sampled_capacity), 1, kWays - 1))) {}

// The set is full: the last entry of the kind that has no right to its place.
int DecisionCache::Victim(const uint64_t* entries, bool for_sampled) const {
  int sampled = for_sampled ? 1 : 0;
  for (int at = 0; at < kWays; ++at) sampled += (entries[at] & kSampledBit) != 0 ? 1 : 0;
  const uint64_t kind = sampled > sampled_ways_ ? kSampledBit : 0;
  int at = kWays - 1;
  while (at > 0 && (entries[at] & kSampledBit) != kind) --at;
  return at;
}

void DecisionCache::Insert(uint64_t hash, Remembered decision) {
  if (sets_.size() == 0) return;
  uint64_t* entries = SetOf(hash).entries;
  const uint64_t tag = TagOf(hash);
  int at = 0;
  while (at < kWays && entries[at] != 0 && (entries[at] & kTagMask) != tag) ++at;
  if (at == kWays) at = Victim(entries, decision.sampled);
  MoveToFront(entries, at, tag | (decision.sampled ? kSampledBit : 0) | std::min(decision.policy, kNoPolicy));
}

int DecisionCache::PlaceOf(const Set& set, uint64_t hash) {
  const uint64_t tag = TagOf(hash);
  int at = 0;
  while (at < kWays && (set.entries[at] & kTagMask) != tag) ++at;
  return at;
}

std::optional<DecisionCache::Remembered> DecisionCache::Find(uint64_t hash) {
  if (sets_.size() == 0) return std::nullopt;
  Set& set = SetOf(hash);
  const int at = PlaceOf(set, hash);
  if (at == kWays) return std::nullopt;
  const uint64_t found = set.entries[at];
  MoveToFront(set.entries, at, found);
  return Decoded(found);
}

std::optional<DecisionCache::Remembered> DecisionCache::Peek(uint64_t hash) const {
  if (sets_.size() == 0) return std::nullopt;
  const Set& set = sets_[hash & (sets_.size() - 1)];
  const int at = PlaceOf(set, hash);
  if (at == kWays) return std::nullopt;
  return Decoded(set.entries[at]);
}

}  // namespace tailrace

// ReferenceCache: what a decision cache may forget, said in lists: sets of eight, chosen by the hash's low bits; in a
// full set the decision that was used longest ago goes, of the kind that has more than its share.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <list>
#include <optional>
#include <unordered_map>

namespace tailrace::simulation {

class ReferenceCache {
 public:
  struct Decision {
    bool sampled = false;
    int32_t policy = -1;
  };

  ReferenceCache(uint64_t sampled, uint64_t not_sampled)
      : sets_(std::bit_ceil((sampled + not_sampled + kSetSize - 1) / kSetSize)),
        sampled_share_(std::clamp<uint64_t>(kSetSize * sampled / (sampled + not_sampled), 1, kSetSize - 1)) {}

  void Remember(uint64_t hash, Decision decision) {
    std::list<Entry>& set = known_[hash % sets_];
    const auto old = Of(&set, hash);
    if (old != set.end()) {
      set.erase(old);
    } else if (set.size() == kSetSize) {
      Forget(&set, decision.sampled);
    }
    set.push_front({hash, decision});
  }

  std::optional<Decision> Recall(uint64_t hash) {
    std::list<Entry>& set = known_[hash % sets_];
    const auto at = Of(&set, hash);
    if (at == set.end()) return std::nullopt;
    set.splice(set.begin(), set, at);
    return at->decision;
  }

 private:
  static constexpr uint64_t kSetSize = 8;
  struct Entry {
    uint64_t hash;
    Decision decision;
  };

  static std::list<Entry>::iterator Of(std::list<Entry>* set, uint64_t hash) {
    return std::find_if(set->begin(), set->end(), [&](const Entry& entry) { return entry.hash == hash; });
  }
  void Forget(std::list<Entry>* set, bool for_sampled) const {
    const auto is_sampled = [](const Entry& entry) { return entry.decision.sampled; };
    const uint64_t sampled =
        static_cast<uint64_t>(std::count_if(set->begin(), set->end(), is_sampled)) + (for_sampled ? 1 : 0);
    const bool kind = sampled > sampled_share_;
    const auto victim = std::find_if(set->rbegin(), set->rend(), [&](const Entry& e) { return is_sampled(e) == kind; });
    set->erase(std::prev(victim.base()));
  }

  uint64_t sets_;
  uint64_t sampled_share_;
  std::unordered_map<uint64_t, std::list<Entry>> known_;
};

}  // namespace tailrace::simulation

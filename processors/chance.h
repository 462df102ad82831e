// Chance: how likely a policy was to keep a trace like the one that it was asked about. What a kept trace stands for is
// one over that, its weight. Pure values.
//
// Policies that draw by a hash of the trace's id with one salt draw the same number for a trace, so their shares nest:
// of 10 % and 1 % of all traces the 1 % are among the 10 %. With different salts they are independent.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tailrace {

struct Chance {
  double share = 0;   // 0 to 1
  uint64_t salt = 0;  // the one that it hangs on; 0: none, or several

  // That both keep it.
  friend Chance Both(const Chance& a, const Chance& b) {
    if (a.salt != 0 && a.salt == b.salt) return {std::min(a.share, b.share), a.salt};
    const bool draws_both = a.salt != 0 && b.salt != 0;
    return {a.share * b.share, draws_both ? 0 : a.salt + b.salt};
  }
};

// That any of several keeps it. Reused from trace to trace, so that nothing is allocated.
class AnyChance {
 public:
  void Reserve(size_t chances) { independent_.reserve(chances); }
  void Clear() { independent_.clear(); }
  void Add(const Chance& chance) {
    for (Chance& known : independent_) {
      if (chance.salt == 0 || chance.salt != known.salt) continue;
      known.share = std::max(known.share, chance.share);
      return;
    }
    independent_.push_back(chance);
  }
  double Share() const {
    double none = 1;
    for (const Chance& chance : independent_) none *= 1 - chance.share;
    return 1 - none;
  }

 private:
  std::vector<Chance> independent_;
};

}  // namespace tailrace

// CloseHole: takes a slot out of a table with open addressing and linear probing, whose size is a power of two. Later
// slots of the same cluster move up, but none before its home, so that each is still found from there.
//
// Pure; whoever owns the table calls it.
#pragma once

#include <cstdint>

namespace tailrace {

// `slots`: anything with []; `mask`: its size less one. `is_free(slot)`, `home_of(slot)`: of a slot in use, where
// probing for it begins. A default slot is free.
template <typename Slots, typename Index, typename IsFree, typename HomeOf>
void CloseHole(Slots& slots, Index mask, Index hole, IsFree is_free, HomeOf home_of) {
  for (Index at = (hole + 1) & mask; !is_free(slots[at]); at = (at + 1) & mask) {
    const Index from_home = (at - home_of(slots[at])) & mask;
    if (from_home < ((at - hole) & mask)) continue;
    slots[hole] = slots[at];
    hole = at;
  }
  slots[hole] = {};
}

}  // namespace tailrace

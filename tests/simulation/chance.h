// Chance: all that a simulation leaves to chance, from one seed (splitmix64: a seed costs nothing to start with, and a
// run needs thousands of them). A value.
#pragma once

#include <cstdint>

namespace tailrace::simulation {

class Chance {
 public:
  explicit Chance(uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ULL + 0xD1B54A32D192ED03ULL) {}

  uint64_t Word() {
    uint64_t word = state_ += 0x9E3779B97F4A7C15ULL;
    word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9ULL;
    word = (word ^ word >> 27) * 0x94D049BB133111EBULL;
    return word ^ word >> 31;
  }
  // In [0, limit).
  uint64_t Below(uint64_t limit) { return Word() % limit; }
  // In [from, to].
  uint64_t Between(uint64_t from, uint64_t to) { return from + Below(to - from + 1); }
  bool OneIn(uint64_t n) { return Below(n) == 0; }
  bool Percent(uint64_t percent) { return Below(100) < percent; }

 private:
  uint64_t state_;
};

}  // namespace tailrace::simulation

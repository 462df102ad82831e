// Xorshift: cheap chance, for choices that nobody gains by foreseeing. Marsaglia's xorshift64 with the shifts 13,
// 7, 17.
//
// Single-writer; a value.
#pragma once

#include <cstdint>

namespace tailrace {

class Xorshift {
 public:
  // The state is never 0.
  explicit Xorshift(uint64_t seed) : state_(seed | 1) {}

  uint64_t Next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }

 private:
  uint64_t state_;
};

}  // namespace tailrace

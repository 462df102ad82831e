// PolicyOverlap: for each pair of an engine's first 32 policies, how many kept traces both of them voted to keep; on
// the diagonal, how many one of them did. Single-writer (one for each engine).
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "processors/votes.h"

namespace tailrace {

class PolicyOverlap {
 public:
  // Of a trace that is kept. The work grows with the square of the policies that agree, which are few.
  void Count(const Votes& votes) {
    for (uint32_t rows = votes.sampled(); rows != 0; rows &= rows - 1) {
      auto& row = counts_[static_cast<size_t>(std::countr_zero(rows))];
      for (uint32_t columns = votes.sampled(); columns != 0; columns &= columns - 1) {
        ++row[static_cast<size_t>(std::countr_zero(columns))];
      }
    }
  }

  // In traces. Both below Votes::kPolicies.
  uint64_t Get(size_t policy, size_t other) const { return counts_[policy][other]; }

 private:
  std::array<std::array<uint64_t, Votes::kPolicies>, Votes::kPolicies> counts_{};
};

}  // namespace tailrace

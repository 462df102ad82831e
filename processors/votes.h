// Votes: how each policy voted on one trace, in twelve bytes: of the first 32 policies of an engine, in its order. What
// a decision carries along so that 'why?' can be answered later. A value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "processors/policy.h"

namespace tailrace {

class Votes {
 public:
  static constexpr size_t kPolicies = 32;

  // Of later policies nothing is kept.
  void Set(size_t policy, Vote vote) {
    if (policy >= kPolicies) return;
    const uint32_t bit = uint32_t{1} << policy;
    const auto code = static_cast<uint32_t>(vote);
    asked_ |= bit;
    if ((code & 1) != 0) low_ |= bit;
    if ((code & 2) != 0) high_ |= bit;
  }

  // Nothing: the policy was not asked, or is one of the later ones.
  std::optional<Vote> Get(size_t policy) const {
    if (policy >= kPolicies || (asked_ >> policy & 1) == 0) return std::nullopt;
    return static_cast<Vote>((low_ >> policy & 1) | (high_ >> policy & 1) << 1);
  }

  // One bit for each policy that voted so.
  uint32_t sampled() const { return asked_ & low_ & ~high_; }
  uint32_t dropped() const { return asked_ & ~low_ & high_; }

  friend bool operator==(const Votes&, const Votes&) = default;

 private:
  uint32_t asked_ = 0;
  uint32_t low_ = 0;   // bit 0 of the Vote
  uint32_t high_ = 0;  // bit 1
};
static_assert(static_cast<int>(Vote::kSampled) == 1 && static_cast<int>(Vote::kDropped) == 2);

}  // namespace tailrace

#include "processors/policies/probabilistic.h"

#include <cmath>

#include "base/hash.h"

namespace tailrace {
namespace {

constexpr char kDefaultSalt[] = "default-hash-seed";

// floor((2^64 - 1) * ratio) for 0 < ratio < 1, in whole numbers: a double is mantissa * 2^exponent, and the product of
// the 53-bit mantissa with 2^64 - 1 fits 128 bits.
uint64_t ScaleBelowOne(double ratio) {
  int exponent = 0;
  const double fraction = std::frexp(ratio, &exponent);  // in [0.5, 1)
  const auto mantissa = static_cast<uint64_t>(std::ldexp(fraction, 53));
  const Uint128 product = static_cast<Uint128>(UINT64_MAX) * mantissa;
  const int shift = 53 - exponent;
  return shift >= 128 ? 0 : static_cast<uint64_t>(product >> shift);
}

uint64_t SaltedState(const std::string& hash_salt) { return Fnv1a64(hash_salt.empty() ? kDefaultSalt : hash_salt); }

}  // namespace

uint64_t ProbabilisticPolicy::HashOf(const std::string& hash_salt, const TraceId& id) {
  return Fnv1a64(id.view(), SaltedState(hash_salt));
}

uint64_t ProbabilisticPolicy::Threshold(double sampling_percentage) {
  const double ratio = sampling_percentage / 100;
  if (!(ratio > 0)) return 0;
  if (ratio >= 1) return UINT64_MAX;
  return ScaleBelowOne(ratio);
}

ProbabilisticPolicy::ProbabilisticPolicy(const std::string& hash_salt, double sampling_percentage)
    : salted_state_(SaltedState(hash_salt)), threshold_(Threshold(sampling_percentage)) {}

Vote ProbabilisticPolicy::Evaluate(const TraceView& trace) {
  return Fnv1a64(trace.id.view(), salted_state_) <= threshold_ ? Vote::kSampled : Vote::kNotSampled;
}

// Of the 2^64 hashes those up to the threshold are kept.
Chance ProbabilisticPolicy::ChanceOf(const TraceView&) {
  return {.share = std::ldexp(static_cast<double>(threshold_) + 1, -64), .salt = salted_state_ | 1};
}

}  // namespace tailrace

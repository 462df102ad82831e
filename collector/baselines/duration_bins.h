// Duration bins: the sketch that quantiles come from. A duration falls into one of 2 496 bins whose width grows with
// the duration, so that the middle of a bin is within 1/128 (0.8 %) of whatever fell into it; counts of bins add up,
// over windows and shards. It is DDSketch with its logarithm taken from the number's bits, piecewise linear between
// powers of two (Masson et al., "DDSketch", 2019, section 4): 28 % more bins, no floating point, about 1 ns.
//
// Pure; any thread. Durations up to 2^44 ns (4.9 hours); longer ones count as that.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

namespace tailrace {

// Stated with answers; what holds is 1/128.
inline constexpr double kDurationBinError = 0.01;

inline constexpr uint32_t kBinsPerOctaveLog2 = 6;
inline constexpr uint32_t kBinsPerOctave = 1 << kBinsPerOctaveLog2;
inline constexpr uint32_t kDurationBits = 44;
inline constexpr uint32_t kDurationBins = kBinsPerOctave * (kDurationBits - kBinsPerOctaveLog2 + 1);

// Numbers below kBinsPerOctave have bins of their own; from there on each octave has kBinsPerOctave.
inline uint32_t DurationBin(uint64_t ns) {
  ns = std::min(ns, (uint64_t{1} << kDurationBits) - 1);
  if (ns < kBinsPerOctave) return static_cast<uint32_t>(ns);
  const uint32_t octave = static_cast<uint32_t>(std::bit_width(ns)) - 1 - kBinsPerOctaveLog2;
  return octave * kBinsPerOctave + static_cast<uint32_t>(ns >> octave);
}

// The middle of a bin, in ns.
inline double DurationOfBin(uint32_t bin) {
  if (bin < 2 * kBinsPerOctave) return static_cast<double>(bin);
  const uint32_t octave = bin / kBinsPerOctave - 1;
  const uint64_t low = uint64_t{bin - octave * kBinsPerOctave} << octave;
  return static_cast<double>(low) + static_cast<double>((uint64_t{1} << octave) - 1) / 2;
}

}  // namespace tailrace

// ServiceShares: how much of a sampler's table each service holds, so that one loud service cannot push out the others.
// Services are told apart by a keyed hash of service.name into a fixed number of places; two that share a place share
// its share. Traces of different worth are counted apart: a service that has many traces which are coming along takes
// nothing from those that begin.
//
// Single-writer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace tailrace {

// What speaks for a trace that waits; it never gets less.
enum class Worth : uint8_t {
  kSingle,    // one run of spans has come
  kPlain,     // more have come
  kPrecious,  // it holds an error, or is slow already
};
inline constexpr size_t kWorths = 3;

class ServiceShares {
 public:
  static constexpr uint32_t kPlaces = 512;

  static uint16_t PlaceOf(uint64_t hash) { return static_cast<uint16_t>(hash % kPlaces); }

  // Of a new trace, of no blocks yet.
  void AddTrace(uint16_t place, Worth worth) {
    Share& share = At(place, worth);
    Sum& sum = At(worth);
    if (share.traces++ == 0) ++sum.services;
    ++sum.traces;
  }
  void AddBlocks(uint16_t place, Worth worth, uint32_t blocks) {
    At(place, worth).blocks += blocks;
    At(worth).blocks += blocks;
  }
  // A trace and all of its blocks.
  void Remove(uint16_t place, Worth worth, uint32_t blocks) {
    Share& share = At(place, worth);
    Sum& sum = At(worth);
    if (--share.traces == 0) --sum.services;
    --sum.traces;
    share.blocks -= blocks;
    sum.blocks -= blocks;
  }
  void Move(uint16_t place, Worth from, Worth to, uint32_t blocks) {
    Remove(place, from, blocks);
    AddTrace(place, to);
    AddBlocks(place, to, blocks);
  }

  // Whether the service holds more than an even share among those that have traces of that worth.
  bool OverInTraces(uint16_t place, Worth worth) const {
    const Sum& sum = sums_[static_cast<size_t>(worth)];
    return uint64_t{shares_[static_cast<size_t>(worth)][place].traces} * sum.services > sum.traces;
  }
  bool OverInBlocks(uint16_t place, Worth worth) const {
    const Sum& sum = sums_[static_cast<size_t>(worth)];
    return uint64_t{shares_[static_cast<size_t>(worth)][place].blocks} * sum.services > sum.blocks;
  }

  uint64_t blocks() const { return sums_[0].blocks + sums_[1].blocks + sums_[2].blocks; }

 private:
  struct Share {
    uint32_t traces = 0;
    uint32_t blocks = 0;
  };
  struct Sum {
    uint32_t services = 0;  // places with traces
    uint64_t traces = 0;
    uint64_t blocks = 0;
  };

  Share& At(uint16_t place, Worth worth) { return shares_[static_cast<size_t>(worth)][place]; }
  Sum& At(Worth worth) { return sums_[static_cast<size_t>(worth)]; }

  std::array<std::array<Share, kPlaces>, kWorths> shares_{};
  std::array<Sum, kWorths> sums_{};
};

}  // namespace tailrace

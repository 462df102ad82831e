// ServiceShares: how much of a sampler's table each service holds, so that one loud service cannot push out the others.
// Services are told apart by a keyed hash of service.name into a fixed number of places; two that share a place share
// its share. Traces are counted by their worth too: a service that has many traces which are coming along takes nothing
// from those that begin.
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
  enum class Held : uint8_t { kTraces, kBlocks };

  static uint16_t PlaceOf(uint64_t hash) { return static_cast<uint16_t>(hash % kPlaces); }

  // Of a new trace, of no blocks yet.
  void AddTrace(uint16_t place, Worth worth) {
    Enter(static_cast<size_t>(worth), place, 0);
    Enter(kWorths, place, 0);
  }
  void AddBlocks(uint16_t place, Worth worth, uint32_t blocks) {
    Grow(static_cast<size_t>(worth), place, blocks);
    Grow(kWorths, place, blocks);
  }
  // A trace and all of its blocks.
  void Remove(uint16_t place, Worth worth, uint32_t blocks) {
    Leave(static_cast<size_t>(worth), place, blocks);
    Leave(kWorths, place, blocks);
  }
  void Move(uint16_t place, Worth from, Worth to, uint32_t blocks) {
    Leave(static_cast<size_t>(from), place, blocks);
    Enter(static_cast<size_t>(to), place, blocks);
  }

  // Whether the service holds more than an even share among those that have traces of that worth; of `what`.
  bool OverOf(uint16_t place, Worth worth, Held what) const {
    const Share& share = shares_[static_cast<size_t>(worth)][place];
    const Sum& sum = sums_[static_cast<size_t>(worth)];
    return Over(share, sum, what);
  }
  // Of all traces.
  bool OverOfAll(uint16_t place, Held what) const { return Over(shares_[kWorths][place], sums_[kWorths], what); }

  uint64_t blocks() const { return sums_[kWorths].blocks; }

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

  static bool Over(const Share& share, const Sum& sum, Held what) {
    return what == Held::kTraces ? uint64_t{share.traces} * sum.services > sum.traces
                                 : uint64_t{share.blocks} * sum.services > sum.blocks;
  }
  void Enter(size_t row, uint16_t place, uint32_t blocks) {
    if (shares_[row][place].traces++ == 0) ++sums_[row].services;
    ++sums_[row].traces;
    Grow(row, place, blocks);
  }
  void Grow(size_t row, uint16_t place, uint32_t blocks) {
    shares_[row][place].blocks += blocks;
    sums_[row].blocks += blocks;
  }
  void Leave(size_t row, uint16_t place, uint32_t blocks) {
    if (--shares_[row][place].traces == 0) --sums_[row].services;
    --sums_[row].traces;
    shares_[row][place].blocks -= blocks;
    sums_[row].blocks -= blocks;
  }

  // A row for each worth, and one for all.
  std::array<std::array<Share, kPlaces>, kWorths + 1> shares_{};
  std::array<Sum, kWorths + 1> sums_{};
};

}  // namespace tailrace

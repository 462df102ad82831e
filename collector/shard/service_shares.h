// ServiceShares: how much of a sampler's table each service holds, so that one loud service cannot push out the others.
// Services are told apart by a keyed hash of service.name into a fixed number of places; two that share a place share
// its share.
//
// Single-writer.
#pragma once

#include <array>
#include <cstdint>

namespace tailrace {

class ServiceShares {
 public:
  static constexpr uint32_t kPlaces = 1024;

  static uint16_t PlaceOf(uint64_t hash) { return static_cast<uint16_t>(hash % kPlaces); }

  void AddTrace(uint16_t place) {
    if (shares_[place].traces++ == 0) ++services_;
    ++traces_;
  }
  void AddBlocks(uint16_t place, uint32_t blocks) {
    shares_[place].blocks += blocks;
    blocks_ += blocks;
  }
  // A trace and all of its blocks.
  void Remove(uint16_t place, uint32_t blocks) {
    if (--shares_[place].traces == 0) --services_;
    --traces_;
    shares_[place].blocks -= blocks;
    blocks_ -= blocks;
  }

  // Whether the service holds more than an even share among those that have traces waiting.
  bool OverInTraces(uint16_t place) const { return uint64_t{shares_[place].traces} * services_ > traces_; }
  bool OverInBlocks(uint16_t place) const { return uint64_t{shares_[place].blocks} * services_ > blocks_; }

  uint32_t services() const { return services_; }
  uint64_t blocks() const { return blocks_; }

 private:
  struct Share {
    uint32_t traces = 0;
    uint32_t blocks = 0;
  };
  std::array<Share, kPlaces> shares_{};
  uint32_t services_ = 0;  // places with traces
  uint64_t traces_ = 0;
  uint64_t blocks_ = 0;
};

}  // namespace tailrace

// RoutingTable: the members at one moment, and the ring over their names. What a batch is taken apart by.
//
// Immutable; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/exporters/balancing/hash_ring.h"
#include "collector/exporters/exporter.h"

namespace tailrace {

class RoutingTable final : public TraceRouter {
 public:
  // `names`: at least one, as the resolver gave them; those that come to one address are one member. `generation`: not
  // 0, and another one for each table of an exporter. `is_own`: of an address; empty: none is this process's.
  RoutingTable(std::vector<std::string> names, uint64_t generation,
               const std::function<bool(const std::string& address)>& is_own = {});

  uint64_t generation() const override { return generation_; }
  uint32_t owners() const override { return static_cast<uint32_t>(addresses_.size()); }
  uint32_t OwnerOf(const TraceId& trace_id) const override { return OwnerOfKey(trace_id.view()); }
  uint32_t OwnerOfKey(std::string_view key) const { return owners_[ring_.OwnerOf(key)]; }
  bool is_own(uint32_t owner) const override { return own_[owner]; }

  const std::vector<std::string>& names() const { return names_; }
  // By owner: what to dial.
  const std::vector<std::string>& addresses() const { return addresses_; }

 private:
  const uint64_t generation_;
  const std::vector<std::string> names_;
  const HashRing ring_;
  std::vector<std::string> addresses_;
  std::vector<uint32_t> owners_;  // by name
  std::vector<bool> own_;         // by owner
};

}  // namespace tailrace

#include "collector/exporters/balancing/routing_table.h"

#include <unordered_map>
#include <utility>

#include "collector/exporters/balancing/member_address.h"

namespace tailrace {

RoutingTable::RoutingTable(std::vector<std::string> names, uint64_t generation,
                           const std::function<bool(const std::string& address)>& is_own)
    : generation_(generation), names_(std::move(names)), ring_(names_) {
  std::unordered_map<std::string, uint32_t> owner_of;
  for (const std::string& name : names_) {
    std::string address = MemberAddress(name);
    const auto [entry, is_new] = owner_of.emplace(address, static_cast<uint32_t>(addresses_.size()));
    if (is_new) addresses_.push_back(std::move(address));
    owners_.push_back(entry->second);
  }
  for (const std::string& address : addresses_) own_.push_back(is_own && is_own(address));
}

}  // namespace tailrace

// SelfFinder: which members of a list are this process itself: the one that the configuration names, or else every one
// whose port is one that this process listens on and whose host has an address of this machine that it listens at.
//
// Single-writer: the exporter's keeper thread, but for Cancel().
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "collector/exporters/balancing/address_lookup.h"
#include "config/model.h"

namespace tailrace {

// Whether an address, as text, is one of this machine's.
using IsLocalAddress = std::function<bool(const std::string& ip)>;
// By the interfaces as they are now. All of 127.0.0.0/8 and ::1 are local.
bool IsAddressOfThisMachine(const std::string& ip);

class SelfFinder {
 public:
  SelfFinder(const config::LoadBalancingConfig& config, std::unique_ptr<AddressLookup> lookup,
             IsLocalAddress is_local = IsAddressOfThisMachine);

  // At the members' names. Asks for the addresses of those that may be its own.
  void Look(const std::vector<std::string>& names);
  // `address` (member_address.h): of those that the last Look() saw.
  bool IsSelf(const std::string& address) const;
  bool found() const;
  // A name that may be its own could not be looked up: another Look() may find more.
  bool incomplete() const { return incomplete_; }

  // Any thread: a Look() under way ends soon.
  void Cancel() { lookup_->Cancel(); }

 private:
  bool Ask(const std::string& address);
  bool IsHere(const std::string& ip, uint16_t port) const;

  const std::string self_;  // an address; empty: found out
  const std::vector<config::LoadBalancingConfig::Endpoint> endpoints_;
  const std::unique_ptr<AddressLookup> lookup_;
  const IsLocalAddress is_local_;
  std::map<std::string, bool> known_;  // by address
  bool incomplete_ = false;
};

}  // namespace tailrace

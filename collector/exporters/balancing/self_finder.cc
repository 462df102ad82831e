#include "collector/exporters/balancing/self_finder.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <optional>
#include <utility>

#include "collector/exporters/balancing/member_address.h"
#include "config/endpoint.h"

namespace tailrace {
namespace {

// One answer; and of all names that do not answer, so many are waited for.
constexpr std::chrono::seconds kAnswerTimeout(1);
constexpr int kUnansweredMax = 3;

// IPv6 without its zone; an IPv4 address in IPv6's clothes is an IPv4 address.
std::optional<in6_addr> ParseIp(std::string ip) {
  ip = ip.substr(0, ip.find('%'));
  in6_addr address{};
  if (inet_pton(AF_INET6, ip.c_str(), &address) == 1) return address;
  in_addr v4{};
  if (inet_pton(AF_INET, ip.c_str(), &v4) != 1) return std::nullopt;
  address.s6_addr[10] = address.s6_addr[11] = 0xff;
  std::memcpy(&address.s6_addr[12], &v4, sizeof(v4));
  return address;
}

bool Same(const in6_addr& a, const in6_addr& b) { return std::memcmp(&a, &b, sizeof(a)) == 0; }

in6_addr AddressOf(const sockaddr* from) {
  in6_addr address{};
  if (from->sa_family == AF_INET6) return reinterpret_cast<const sockaddr_in6*>(from)->sin6_addr;
  address.s6_addr[10] = address.s6_addr[11] = 0xff;
  std::memcpy(&address.s6_addr[12], &reinterpret_cast<const sockaddr_in*>(from)->sin_addr, 4);
  return address;
}

bool IsWildcard(const std::string& host) { return host.empty() || host == "0.0.0.0" || host == "::"; }

}  // namespace

bool IsAddressOfThisMachine(const std::string& ip) {
  const std::optional<in6_addr> wanted = ParseIp(ip);
  if (!wanted.has_value()) return false;
  if (IN6_IS_ADDR_LOOPBACK(&*wanted)) return true;
  if (IN6_IS_ADDR_V4MAPPED(&*wanted) && wanted->s6_addr[12] == 127) return true;
  ifaddrs* all = nullptr;
  if (getifaddrs(&all) != 0) return false;
  bool found = false;
  for (const ifaddrs* at = all; at != nullptr && !found; at = at->ifa_next) {
    const sockaddr* address = at->ifa_addr;
    if (address == nullptr || (address->sa_family != AF_INET && address->sa_family != AF_INET6)) continue;
    found = Same(AddressOf(address), *wanted);
  }
  freeifaddrs(all);
  return found;
}

SelfFinder::SelfFinder(const config::LoadBalancingConfig& config, std::unique_ptr<AddressLookup> lookup,
                       IsLocalAddress is_local)
    : self_(config.self.empty() ? std::string() : MemberAddress(config.self)),
      endpoints_(config.own_endpoints),
      lookup_(std::move(lookup)),
      is_local_(std::move(is_local)) {}

void SelfFinder::Look(const std::vector<std::string>& names) {
  std::map<std::string, bool> before = std::exchange(known_, {});
  incomplete_ = false;
  int unanswered = 0;
  for (const std::string& name : names) {
    const std::string address = MemberAddress(name);
    if (!self_.empty()) {
      known_[address] = address == self_;
    } else if (const auto entry = before.find(address); entry != before.end()) {
      known_.insert(*entry);
    } else if (unanswered < kUnansweredMax) {
      if (!Ask(address)) ++unanswered;
    }
  }
}

// False: it is a name, and nobody answered.
bool SelfFinder::Ask(const std::string& address) {
  std::string endpoint = address;
  if (const auto target = config::ParseDialTarget(address); target.ok()) endpoint = target->endpoint;
  const auto at = config::ParseHostPort(endpoint);
  const bool may_be = at.ok() && std::any_of(endpoints_.begin(), endpoints_.end(),
                                             [&](const auto& own) { return own.port == at->port && own.port != 0; });
  if (!may_be) {
    known_[address] = false;
    return true;
  }
  std::vector<std::string> ips = {at->host};
  if (!ParseIp(at->host).has_value()) {
    auto found = lookup_->Find(at->host, kAnswerTimeout);
    incomplete_ |= !found.ok();
    if (!found.ok()) return false;
    ips = *std::move(found);
  }
  known_[address] = std::any_of(ips.begin(), ips.end(), [&](const std::string& ip) { return IsHere(ip, at->port); });
  return true;
}

bool SelfFinder::IsHere(const std::string& ip, uint16_t port) const {
  const std::optional<in6_addr> wanted = ParseIp(ip);
  return wanted.has_value() && std::any_of(endpoints_.begin(), endpoints_.end(), [&](const auto& own) {
           if (own.port != port) return false;
           const std::string host = own.host == "localhost" ? "127.0.0.1" : own.host;
           if (IsWildcard(host)) return is_local_(ip);
           const std::optional<in6_addr> listens = ParseIp(host);
           // Of a listener at a name it is not known at which of the machine's addresses it listens.
           return listens.has_value() ? Same(*listens, *wanted) : is_local_(ip);
         });
}

bool SelfFinder::IsSelf(const std::string& address) const {
  const auto entry = known_.find(address);
  return entry != known_.end() && entry->second;
}

bool SelfFinder::found() const {
  return std::any_of(known_.begin(), known_.end(), [](const auto& entry) { return entry.second; });
}

}  // namespace tailrace

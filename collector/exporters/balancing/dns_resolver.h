// The resolver `dns`: every address of a name is a member; the name is looked up again and again.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "collector/exporters/balancing/address_lookup.h"
#include "collector/exporters/balancing/member_resolver.h"

namespace tailrace {

std::unique_ptr<MemberResolver> MakeDnsResolver(const config::DnsResolverConfig& config,
                                                std::unique_ptr<AddressLookup> lookup, const std::string& component,
                                                Logger& logger, const Clock& clock);

// As the Collector names them: an IPv6 address in brackets, the port behind where there is one; sorted.
std::vector<std::string> MemberNames(std::vector<std::string> addresses, const std::string& port);

}  // namespace tailrace

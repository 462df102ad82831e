// The mark that spans carry from one Tailrace to the next: how often exporters that route (`loadbalancing`) have sent
// them on. A member that samples never sends marked spans on again; a router does, up to its hops_max.
#pragma once

#include <cstdint>
#include <string_view>

namespace tailrace {

// A header field, or gRPC metadata: a decimal number. Others than Tailrace pass it over.
inline constexpr std::string_view kHopsField = "tailrace-hops";

// Of spans that are sent on.
constexpr uint8_t NextHops(uint8_t hops) { return hops == UINT8_MAX ? hops : static_cast<uint8_t>(hops + 1); }

}  // namespace tailrace

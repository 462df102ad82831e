// From the name that a resolver gives a member to what is dialled. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "config/model.h"

namespace tailrace {

// The name with the port 4317 where it has none; an IPv6 address gets its brackets. Two names may come to one address.
std::string MemberAddress(std::string_view name);

// How this member is sent to: `common` with its endpoint, and with the TLS that its scheme asks for.
config::OtlpExporterConfig MemberConfig(const config::OtlpExporterConfig& common, const std::string& address);

}  // namespace tailrace

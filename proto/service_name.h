// The name of the service that a resource is of, found in wire bytes. Pure.
#pragma once

#include <string_view>

namespace tailrace {

// `resource`: the fields of a ResourceSpans beside its ScopeSpans, as ScopeHeader has them. The value of the first
// attribute `service.name` that is a string; empty where there is none, or the bytes cannot be read.
std::string_view ServiceNameOf(std::string_view resource);

}  // namespace tailrace

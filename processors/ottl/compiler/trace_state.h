// One vendor's value in a W3C tracestate header, as the Collector's OTTL finds it.
#pragma once

#include <string_view>

namespace tailrace::ottl {

// False where `state` is malformed as a whole; an empty value where only the key is missing. Pure; any thread.
bool FindInTraceState(std::string_view state, std::string_view key, std::string_view* value);

}  // namespace tailrace::ottl

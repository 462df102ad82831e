// A request's traces judged twice, on wire bytes by the engine and on messages by the oracle.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tailrace::testing {

// What differs, in words; empty: nothing, or the request is one that both sides do not read alike (the scanner refuses
// it, libprotobuf cannot parse it, or a value in it is given twice, where protobuf merges and the Collector does not).
// `*spans` is increased by the spans judged.
std::string CheckPoliciesOnRequest(std::string_view request, uint64_t* spans);

}  // namespace tailrace::testing

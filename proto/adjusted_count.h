// How many spans one span stands for, by the threshold that an earlier sampler left in its W3C trace state
// (`ot=th:HEX`: of 2^56 random values those below the threshold were dropped). Pure; any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace tailrace {

// Spans dropped of 2^56, at least 0 and below 2^56; 0 also where the trace state says nothing that can be read.
uint64_t SamplingThreshold(std::string_view trace_state);

// 2^56 / (2^56 - threshold), rounded up where `random`, an even 64-bit number, says so, so that sums are right in the
// long run.
uint64_t AdjustedCount(uint64_t threshold, uint64_t random);

// The trace state of a Span message; empty where there is none.
std::string_view TraceStateOf(std::string_view span);

}  // namespace tailrace

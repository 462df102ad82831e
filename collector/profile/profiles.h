// The two profiles of this process as bytes: gzipped profile.proto.
#pragma once

#include <cstdint>
#include <string>

#include "collector/profile/cpu_sampler.h"
#include "collector/profile/heap_sampler.h"

namespace tailrace {

// Which of a heap profile's four numbers is shown first.
enum class HeapView : uint8_t { kInUse, kAllocated };

// Of a sampler that has been stopped. `time_ns`: when it began, since 1970; `duration_ns`: how long it ran.
std::string CpuProfile(const CpuSampler& sampler, int64_t time_ns, int64_t duration_ns);

std::string HeapProfile(const HeapSampler& sampler, HeapView view, int64_t time_ns);

}  // namespace tailrace

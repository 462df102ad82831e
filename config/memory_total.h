// The memory that this process may use: what `limit_percentage` and `memory_budget_percentage` are shares of.
#pragma once

#include <cstdint>

namespace tailrace::config {

// The smaller of the cgroup's limit (v2 or v1) and the host's memory, in bytes. Any thread.
uint64_t MemoryTotalBytes();

}  // namespace tailrace::config

#include "config/memory_total.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace tailrace::config {

uint64_t MemoryTotalBytes() {
  uint64_t total = static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  for (const char* path : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::ifstream file(path);
    uint64_t limit = 0;
    if (file >> limit && limit > 0) total = std::min(total, limit);  // "max" is no number: no limit
  }
  return total;
}

}  // namespace tailrace::config

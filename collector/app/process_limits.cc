#include "collector/app/process_limits.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>

namespace tailrace {

void ForbidCoreDumps() {
  // core(5): where core_pattern is a pipe the kernel ignores a limit of 0, but not one of 1; and no core is that short.
  const rlimit no_core = {1, 1};
  // A hard limit of 0 cannot be raised to 1. Then 0 stays, and the next call alone keeps the pipe empty.
  setrlimit(RLIMIT_CORE, &no_core);
  prctl(PR_SET_DUMPABLE, 0);
}

OpenFiles RaiseOpenFiles() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return {};
  OpenFiles files = {limit.rlim_cur, limit.rlim_cur};
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) == 0) files.now = limit.rlim_cur;
  return files;
}

uint64_t ConnectionsWithin(uint64_t open_files, uint64_t wanted) {
  if (open_files == 0) return wanted;  // not known
  constexpr uint64_t kOthers = 512;
  const uint64_t others = std::min(kOthers, open_files / 2);
  return std::clamp<uint64_t>(open_files - others, 1, wanted);
}

}  // namespace tailrace

#include "collector/app/process_limits.h"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace tailrace {

void ForbidCoreDumps() {
  // core(5): where core_pattern is a pipe the kernel ignores a limit of 0, but not one of 1; and no core is that short.
  const rlimit no_core = {1, 1};
  // A hard limit of 0 cannot be raised to 1. Then 0 stays, and the next call alone keeps the pipe empty.
  setrlimit(RLIMIT_CORE, &no_core);
  prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace tailrace

// What the daemon asks of the kernel about itself, once, before it has a thread.
#pragma once

#include <cstdint>

namespace tailrace {

// A core file would hold headers, tokens and other people's traces: no core is written, wherever the kernel would send
// it, and no other process of the same user may look into this one's memory or environment.
void ForbidCoreDumps();

struct OpenFiles {
  uint64_t before = 0;  // the soft limit as it was found
  uint64_t now = 0;     // and as it is; the hard limit where the kernel agreed
};

// Raises the soft limit of open files to the hard one. The soft one is commonly 1024 for the sake of select(2), which
// nothing here calls.
OpenFiles RaiseOpenFiles();

// The most connections, up to `wanted`, that leave descriptors for everything else: listeners, the admin servers'
// connections, exporters, files.
uint64_t ConnectionsWithin(uint64_t open_files, uint64_t wanted);

}  // namespace tailrace

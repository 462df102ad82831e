// What the daemon asks of the kernel about itself, once, before it has a thread.
#pragma once

namespace tailrace {

// A core file would hold headers, tokens and other people's traces: no core is written, wherever the kernel would send
// it, and no other process of the same user may look into this one's memory or environment.
void ForbidCoreDumps();

}  // namespace tailrace

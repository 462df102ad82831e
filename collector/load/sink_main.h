// `tailrace sink`: a backend that counts, to stand behind a collector that `tailrace load` sends to.
#pragma once

#include <string>
#include <vector>

namespace tailrace {

// `args`: what stands behind the verb. Returns the exit code: 0 stopped by SIGTERM or SIGINT (the report goes to
// standard output), 1 could not listen, 2 bad usage.
int SinkMain(const std::vector<std::string>& args);

}  // namespace tailrace

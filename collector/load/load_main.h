// `tailrace load`: the load generator, for our own benchmarks and for users ('will this machine carry my traffic?').
#pragma once

#include <string>
#include <vector>

namespace tailrace {

// `args`: what stands behind the verb. Returns the exit code: 0 done, 1 could not run (or the server went away), 2 bad
// usage. SIGINT and SIGTERM end it early, with the result.
int LoadMain(const std::vector<std::string>& args);

}  // namespace tailrace

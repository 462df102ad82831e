// The pprof extension's paths, as Go programs have them: /debug/pprof/, and below it profile, heap, allocs, symbol and
// cmdline. What `go tool pprof`, Pyroscope and Grafana Alloy ask for.
//
// Handlers run on the server's thread; a CPU profile of half a minute holds up nobody else.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "collector/admin/http_server.h"

namespace tailrace {

// Before the server starts. `clock` outlives it.
void AddPprofRoutes(const Clock& clock, AdminServer* server);

// The arguments of a process as /proc has them, each with a NUL behind it; between two of them a NUL. What may hold a
// secret is [REDACTED]: the values of --set, and configurations given in place.
std::string ShownCommandLine(std::string_view arguments);

}  // namespace tailrace

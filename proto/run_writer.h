// Some of the spans of a scanned request, as a request of their own: what is sent to the one who owns them. Nothing is
// decoded and each span is copied once; resources and scopes (schema_url and unknown fields too) go with their spans.
// Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "proto/scanned_runs.h"

namespace tailrace {

// Appends the runs `chosen`, indices into from.runs in rising order. A resource and a scope are written once for all the
// runs under them that follow each other in `chosen`.
void AppendRuns(const ScannedRuns& from, std::span<const uint32_t> chosen, std::string* out);

// How many bytes that is at most.
uint64_t SizeOfRuns(const ScannedRuns& from, std::span<const uint32_t> chosen);

}  // namespace tailrace

// The sources of a configuration: --config URIs and --set values, each read into a tree and merged in order.
// Maps merge deep; lists and scalars are replaced by the later source; a later null wipes, as in the Collector.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "config/load.h"
#include "config/node.h"
#include "config/report.h"

namespace tailrace::config {

// All sources of the input as one tree; what could not be read is in the report.
Node ReadSources(const LoadInput& input, Report* report);

// A regular file or a pipe of at most kFileBytesMax bytes.
absl::StatusOr<std::string> ReadBoundedFile(const std::string& path);

void Merge(Node from, Node* into);

}  // namespace tailrace::config

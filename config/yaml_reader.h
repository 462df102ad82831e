// YAML text to a Node tree, bounded for hostile files: size, depth, number of nodes (aliases counted as often as they
// are used) and keys in one map, and no cycles. The only place that uses yaml-cpp, through its event interface, so that
// a limit stops the parse at once and duplicate keys can be named with both their lines.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "config/node.h"
#include "config/report.h"

namespace tailrace::config {

// With these no text takes a second or 64 MiB of memory. A ConfigMap of Kubernetes holds 1 MiB; a policy is some ten
// values.
inline constexpr size_t kFileBytesMax = size_t{2} << 20;
inline constexpr int kDepthMax = 64;
inline constexpr size_t kNodesMax = 150'000;
inline constexpr size_t kMapKeysMax = 2'000;  // maps are searched key by key

// Reads one document. False, with problems in the report, where the text could not be read. `name` stands in messages.
// An empty document gives a null node.
bool ReadYaml(absl::string_view text, const std::string& name, Report* report, Node* out);

// The same for a value that came from the environment: quiet, false where it is not YAML.
bool ReadYamlValue(const std::string& text, const Where& where, Node* out);

}  // namespace tailrace::config

// From files, --set and the environment to a Config, or to every error at once.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/model.h"

namespace tailrace::config {

// One thing that is wrong: `where` and `key` as `tailrace.yaml:12: processors::tail_sampling::decision_wait`.
struct Problem {
  Location at;
  std::string key;               // path with `::`; empty for the file as a whole
  std::string message;           // what is wrong, what is allowed
  std::string ToString() const;  // "FILE:LINE: KEY: MESSAGE"
};

struct LoadInput {
  // In order; later ones override earlier ones as the Collector merges them. A path, or `yaml:...`, `env:NAME`,
  // `file:PATH`.
  std::vector<std::string> configs;
  std::vector<std::string> sets;  // key.path=value
  // The environment; tests pass their own. Returns nullopt where the name is not set.
  std::function<std::optional<std::string>(const std::string&)> getenv;
  // What percentages of memory are of; 0: the smaller of the cgroup's limit and the host's memory.
  uint64_t memory_total_bytes = 0;
};

struct LoadResult {
  Config config;                  // meaningful where problems is empty
  std::vector<Problem> problems;  // all of them, in the order of the file
  bool ok() const { return problems.empty(); }
};

// Any thread. Never throws, bounded in time and memory for hostile files.
LoadResult Load(const LoadInput& input);

// The effective configuration as YAML, defaults included, secrets redacted: `tailrace print-config`.
std::string Print(const Config& config);

// docs/CONFIG.md, whole, made from the options' own declarations.
std::string GenerateDocs();

// One line a component that this build offers: `tailrace components`.
std::string ListComponents();

}  // namespace tailrace::config

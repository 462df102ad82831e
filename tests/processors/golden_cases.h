// The golden cases (tests/golden/cases): their names and configurations.
#pragma once

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_replace.h"
#include "config/load.h"
#include "tests/processors/golden_input.h"

namespace tailrace {

// The case's file under a pipeline of its own.
inline config::LoadResult LoadCase(const std::string& name) {
  std::string yaml =
      "receivers: {otlp: {protocols: {grpc: }}}\nexporters: {nop: }\n"
      "service: {pipelines: {traces: {receivers: [otlp], processors: [tail_sampling], exporters: [nop]}}}\n"
      "processors:\n  tail_sampling:\n    decision_wait: 8s\n    num_traces: 100000\n";
  std::istringstream lines(ReadGoldenFile("cases/" + name + ".yaml"));
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("decision_wait", 0) == 0 || line.rfind("num_traces", 0) == 0) continue;
    yaml += "    " + absl::StrReplaceAll(line, {{"$", "$$"}}) + "\n";
  }
  return config::Load(
      {.configs = {"yaml:" + yaml}, .sets = {}, .getenv = [](const std::string&) { return std::nullopt; }});
}

inline std::vector<std::string> CaseNames() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(GoldenFile("cases"))) {
    const std::string name = entry.path().stem();
    if (entry.path().extension() == ".yaml") names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace tailrace

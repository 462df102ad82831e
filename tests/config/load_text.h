// Loading from text in memory: the text is the environment variable of an `env:` source, so no files are needed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/load.h"

namespace tailrace::config {

using Environment = std::map<std::string, std::string>;

inline LoadResult LoadText(const std::string& text, Environment environment = {}, std::vector<std::string> sets = {}) {
  environment["FILE"] = text;
  LoadInput input;
  input.configs = {"env:FILE"};
  input.sets = std::move(sets);
  input.memory_total_bytes = uint64_t{1000} << 20;
  input.getenv = [environment](const std::string& name) -> std::optional<std::string> {
    const auto found = environment.find(name);
    if (found == environment.end()) return std::nullopt;
    return found->second;
  };
  return Load(input);
}

// All problems, one a line, without the name of the source.
inline std::string ProblemsOf(const LoadResult& result) {
  std::string out;
  for (const Problem& problem : result.problems) {
    std::string line = problem.ToString();
    const std::string source = "env:FILE:";
    if (line.compare(0, source.size(), source) == 0) line.erase(0, source.size());
    if (line.compare(0, 1, " ") == 0) line.erase(0, 1);  // of the file as a whole: no line
    out += line + "\n";
  }
  return out;
}

inline std::string WarningsOf(const LoadResult& result) {
  std::string out;
  for (const std::string& warning : result.config.warnings) out += warning + "\n";
  return out;
}

// Around a processor block: the rest of a small valid file. The block begins at line 2.
inline std::string WithProcessors(const std::string& processors, const std::string& used = "[tail_sampling]") {
  return "processors:\n" + processors +
         "receivers:\n  otlp:\n    protocols:\n      grpc:\n"
         "exporters:\n  nop:\n"
         "service:\n  pipelines:\n    traces:\n      receivers: [otlp]\n      processors: " +
         used + "\n      exporters: [nop]\n";
}

// The same around one policy, given as the lines of a list item; the first is line 4.
inline std::string WithPolicies(const std::string& policies) {
  return WithProcessors("  tail_sampling:\n    policies:\n" + policies);
}

// Around an exporters block that begins at line 2.
inline std::string WithExporters(const std::string& exporters, const std::string& used) {
  return "exporters:\n" + exporters +
         "receivers:\n  otlp:\n    protocols:\n      grpc:\n"
         "service:\n  pipelines:\n    traces:\n      receivers: [otlp]\n      exporters: " +
         used + "\n";
}

// Around an otlp receiver's options that begin at line 3.
inline std::string WithReceiver(const std::string& options) {
  return "receivers:\n  otlp:\n" + options +
         "exporters:\n  nop:\n"
         "service:\n  pipelines:\n    traces:\n      receivers: [otlp]\n      exporters: [nop]\n";
}

// A valid file and more lines of service, which begin at line 13.
inline std::string WithService(const std::string& service) {
  return "receivers:\n  otlp:\n    protocols:\n      grpc:\n"
         "exporters:\n  nop:\n"
         "service:\n  pipelines:\n    traces:\n      receivers: [otlp]\n      exporters: [nop]\n"
         "      processors: []\n" +
         service;
}

}  // namespace tailrace::config

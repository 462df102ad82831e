// Where loading writes what it finds: problems and warnings, each with its place and its key path. Every stage of
// loading reports here and goes on, so that the user sees all of his mistakes at once.
//
// Single-threaded: one Report for one Load().
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "config/load.h"
#include "config/node.h"

namespace tailrace::config {

inline constexpr absl::string_view kNotYet = "exists in the Collector but not in Tailrace yet";

struct Report {
  std::vector<Problem> problems;      // at most kProblemsMax
  std::vector<std::string> warnings;  // at most kProblemsMax
  uint64_t memory_total_bytes = 0;    // what percentages of memory are of

  static constexpr size_t kProblemsMax = 1000;
  // Nothing more is taken: stages with long lists stop, so that a hostile file costs no more than a wrong one.
  bool full() const { return problems.size() >= kProblemsMax || warnings.size() >= kProblemsMax; }
  void AddProblem(const Where& where, std::string key, std::string message);
  void AddWarning(const Where& where, const std::string& key, const std::string& message);
};

// A Report and the key path that is being read: what the options' readers get.
class Scope {
 public:
  Scope(Report* report, std::string path) : report_(report), path_(std::move(path)) {}

  Scope Child(absl::string_view key) const;
  Scope Item(size_t index) const;
  void Fail(const Where& where, std::string message) const { report_->AddProblem(where, path_, std::move(message)); }
  void Warn(const Where& where, const std::string& message) const { report_->AddWarning(where, path_, message); }
  Report& report() const { return *report_; }
  const std::string& path() const { return path_; }

 private:
  Report* report_;
  std::string path_;
};

}  // namespace tailrace::config

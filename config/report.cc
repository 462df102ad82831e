#include "config/report.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace tailrace::config {

std::string Problem::ToString() const {
  std::string out;
  if (!at.file.empty()) absl::StrAppend(&out, at.file, ":");
  if (at.line > 0) absl::StrAppend(&out, at.line, ":");
  if (!out.empty()) out += ' ';
  if (!key.empty()) absl::StrAppend(&out, key, ": ");
  return out + message;
}

void Report::AddProblem(const Where& where, std::string key, std::string message) {
  if (problems.size() >= kProblemsMax) return;
  problems.push_back({where.ToLocation(), std::move(key), std::move(message)});
}

void Report::AddWarning(const Where& where, const std::string& key, const std::string& message) {
  if (warnings.size() >= kProblemsMax) return;
  warnings.push_back(Problem{where.ToLocation(), key, message}.ToString());
}

Scope Scope::Child(absl::string_view key) const {
  constexpr size_t kShown = 100;
  const absl::string_view shown = key.substr(0, kShown);
  return Scope(report_, path_.empty() ? std::string(shown) : absl::StrCat(path_, "::", shown));
}

Scope Scope::Item(size_t index) const { return Scope(report_, absl::StrCat(path_, "[", index, "]")); }

}  // namespace tailrace::config

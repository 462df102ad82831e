#include "collector/access/listener_access.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace tailrace {

bool ListenerAccess::IsCredential(std::string_view field) const {
  if (auth_ == nullptr || field.size() != auth_->header().size()) return false;
  return absl::EqualsIgnoreCase(absl::string_view(field.data(), field.size()), auth_->header());
}

AuthVerdict ListenerAccess::Judge(const Credentials& credentials) {
  if (auth_ == nullptr) return {};
  if (credentials.count == 0) return Judged({.outcome = AuthOutcome::kMissing, .text = auth_->missing_text()});
  // Which of two counts is a question that two programs may answer differently.
  if (credentials.count > 1) return Judged({.outcome = AuthOutcome::kDoubled, .text = "more than one credential"});
  return Judged(auth_->Check(credentials.value));
}

AuthVerdict ListenerAccess::Judged(AuthVerdict verdict) {
  if (verdict.outcome != AuthOutcome::kPending) {
    AccessCounters::Count(counters_.requests[static_cast<size_t>(verdict.outcome)]);
  }
  return verdict;
}

}  // namespace tailrace

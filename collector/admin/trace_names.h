// How decisions are named in answers. Pure; any thread.
#pragma once

#include <optional>
#include <string>

#include "collector/admin/trace_finder.h"

namespace tailrace {

// Nothing: the wait had simply ended.
inline std::optional<std::string> CauseName(JournalCause cause) {
  if (cause == kCauseTooLarge) return kDropReasonNames[static_cast<size_t>(DropReason::kTraceTooLarge)];
  if (cause < kEarlyReasons) return kEarlyReasonNames[cause];
  return std::nullopt;
}

inline std::optional<std::string> PolicyName(const TraceFinder::Pipeline& pipeline, uint32_t policy) {
  if (policy >= pipeline.policies.size()) return std::nullopt;
  return pipeline.policies[policy]->name;
}

inline const char* StateName(TraceState state) {
  switch (state) {
    case TraceState::kUndecided:
      return "undecided";
    case TraceState::kKept:
      return "kept";
    case TraceState::kDropped:
      return "dropped";
    case TraceState::kForgotten:
      return "forgotten";
    case TraceState::kNeverSeen:
      break;
  }
  return "never_seen";
}

inline const char* VoteName(std::optional<Vote> vote) {
  if (!vote.has_value()) return "not_asked";
  switch (*vote) {
    case Vote::kSampled:
      return "sampled";
    case Vote::kNotSampled:
      return "not_sampled";
    case Vote::kDropped:
      return "dropped";
    case Vote::kError:
      break;
  }
  return "error";
}

inline double Ms(int64_t ns) { return static_cast<double>(ns) / 1e6; }

}  // namespace tailrace

// `trace_state`: has the span's W3C trace state this member with one of these values? A trace state that breaks the
// grammar as a whole has no members.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "processors/policy.h"
#include "processors/spans/span_questions.h"

namespace tailrace {

// The member's value in `trace_state`, or empty: no such member, or not a trace state. Read as the OpenTelemetry SDK
// for Go does: at most 32 members, no key twice, empty members are skipped, blanks around a member are not part of it.
std::string_view FindTraceStateMember(std::string_view trace_state, std::string_view key);

class TraceStateQuestion final : public SpanQuestion {
 public:
  // Empty values, and those that with the key have 256 bytes or more, match nothing.
  TraceStateQuestion(std::string key, const std::vector<std::string>& values);

  Answer Ask(SpanView* span) override;

 private:
  std::string key_;
  std::vector<std::string> values_;  // sorted
};

}  // namespace tailrace

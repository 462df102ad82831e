// Regular expressions in Go's syntax, on RE2, whose syntax is the same but for the spelling of a named group. Matching
// takes time linear in the text.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "processors/ottl/function.h"

namespace re2 {
class RE2;
}

namespace tailrace::ottl {

absl::StatusOr<std::shared_ptr<const re2::RE2>> CompileRegex(std::string_view pattern);

// What Go's regular expressions see: a byte that is no UTF-8 is the character U+FFFD, while RE2 matches nothing to it.
// None where the text is well-formed.
std::optional<std::string> WithoutBrokenUtf8(std::string_view text);

// The pattern of a call: compiled at start where it is a literal, else when it is known; the last one is kept.
class CallRegex {
 public:
  // An error where a literal pattern is none.
  static absl::StatusOr<std::unique_ptr<CallRegex>> Make(std::unique_ptr<Expression> pattern);
  // Null after Fail().
  std::shared_ptr<const re2::RE2> Get(Evaluation* evaluation) const;

 private:
  std::unique_ptr<Expression> pattern_;
  bool is_literal_ = false;
  mutable std::string last_pattern_;
  mutable std::shared_ptr<const re2::RE2> compiled_;
};

}  // namespace tailrace::ottl

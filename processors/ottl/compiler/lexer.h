// The tokens of an OTTL condition, as the Collector's lexer cuts them, each with its place and, for brackets, its
// partner, so that the parser never has to try one reading and come back.
//
// Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tailrace::ottl {

enum class TokenKind : uint8_t {
  kEnd,
  kBytes,  // 0x and hexadecimal digits
  kFloat,
  kInt,
  kString,  // with its quotes
  kNil,
  kNot,
  kOr,
  kAnd,
  kComparison,
  kArrow,
  kAddSub,
  kMultDiv,
  kBoolean,
  kEqual,
  kLeftParen,
  kRightParen,
  kLeftBrace,
  kRightBrace,
  kColon,
  kComma,
  kDot,
  kLeftBracket,
  kRightBracket,
  kUppercase,  // a run that begins with A-Z: with the next, a part of a function's name, or alone an enum
  kLowercase,
  kUnderscore,
};

// Both from 1; columns count characters, not bytes.
struct Position {
  uint32_t line = 1;
  uint32_t column = 1;
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  // Of a '(' that groups: a boolean operator stands directly within, so that it groups conditions, not numbers.
  bool groups_conditions = false;
  Position at;
  uint32_t partner = 0;  // of a '(': the number of its ')', 0 where there is none
  std::string_view text;
};

// The last token is kEnd. The tokens' texts point into `text`.
absl::StatusOr<std::vector<Token>> Tokenize(std::string_view text);

// "1:24: what is wrong".
absl::Status ErrorAt(Position at, std::string_view what);

}  // namespace tailrace::ottl

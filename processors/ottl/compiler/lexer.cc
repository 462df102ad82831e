#include "processors/ottl/compiler/lexer.h"

#include "absl/strings/str_cat.h"

namespace tailrace::ottl {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool IsWord(char c) { return IsDigit(c) || IsLower(c) || IsUpper(c) || c == '_'; }
bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

template <typename Is>
size_t Run(std::string_view text, size_t from, Is is) {
  while (from < text.size() && is(text[from])) ++from;
  return from;
}

// The size of a float at the beginning of `text`, 0 where there is none: digits on one side of the point at least.
size_t FloatSize(std::string_view text) {
  const size_t point = Run(text, 0, IsDigit);
  if (point >= text.size() || text[point] != '.') return 0;
  size_t end = Run(text, point + 1, IsDigit);
  if (point == 0 && end == 1) return 0;
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    size_t digits = end + 1;
    if (digits < text.size() && (text[digits] == '+' || text[digits] == '-')) ++digits;
    const size_t exponent_end = Run(text, digits, IsDigit);
    if (exponent_end > digits) end = exponent_end;
  }
  return end;
}

// 0 where the quote is not closed. A backslash takes the next character with it, but no end of line.
size_t StringSize(std::string_view text) {
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') return i + 1;
    if (text[i] == '\\' && (++i == text.size() || text[i] == '\n')) return 0;
  }
  return 0;
}

TokenKind WordKind(std::string_view word, bool ends_here) {
  if (!ends_here) return TokenKind::kLowercase;
  if (word == "nil") return TokenKind::kNil;
  if (word == "not") return TokenKind::kNot;
  if (word == "or") return TokenKind::kOr;
  if (word == "and") return TokenKind::kAnd;
  if (word == "true" || word == "false") return TokenKind::kBoolean;
  return TokenKind::kLowercase;
}

struct Cut {
  TokenKind kind = TokenKind::kEnd;
  size_t size = 0;  // 0: no token begins so
};

Cut CutSign(std::string_view text) {
  const char next = text.size() > 1 ? text[1] : '\0';
  switch (text[0]) {
    case '=':
      if (next == '=') return {TokenKind::kComparison, 2};
      return next == '>' ? Cut{TokenKind::kArrow, 2} : Cut{TokenKind::kEqual, 1};
    case '!':
      return next == '=' ? Cut{TokenKind::kComparison, 2} : Cut{};
    case '<':
    case '>':
      return {TokenKind::kComparison, next == '=' ? size_t{2} : size_t{1}};
    case '+':
    case '-':
      return {TokenKind::kAddSub, 1};
    case '*':
    case '/':
      return {TokenKind::kMultDiv, 1};
    case '(':
      return {TokenKind::kLeftParen, 1};
    case ')':
      return {TokenKind::kRightParen, 1};
    case '{':
      return {TokenKind::kLeftBrace, 1};
    case '}':
      return {TokenKind::kRightBrace, 1};
    case '[':
      return {TokenKind::kLeftBracket, 1};
    case ']':
      return {TokenKind::kRightBracket, 1};
    case ':':
      return {TokenKind::kColon, 1};
    case ',':
      return {TokenKind::kComma, 1};
    case '.':
      return {TokenKind::kDot, 1};
    default:
      return {};
  }
}

Cut CutToken(std::string_view text) {
  const char first = text[0];
  if (first == '"') return {TokenKind::kString, StringSize(text)};
  if (first == '0' && text.size() > 2 && text[1] == 'x' && IsHex(text[2])) {
    return {TokenKind::kBytes, Run(text, 2, IsHex)};
  }
  if (IsDigit(first) || first == '.') {
    if (const size_t size = FloatSize(text); size != 0) return {TokenKind::kFloat, size};
    if (IsDigit(first)) return {TokenKind::kInt, Run(text, 0, IsDigit)};
  }
  if (IsLower(first)) {
    const size_t size = Run(text, 0, [](char c) { return IsLower(c) || IsDigit(c) || c == '_'; });
    return {WordKind(text.substr(0, size), size == text.size() || !IsWord(text[size])), size};
  }
  if (IsUpper(first)) {
    return {TokenKind::kUppercase, Run(text, 0, [](char c) { return IsUpper(c) || IsDigit(c) || c == '_'; })};
  }
  if (first == '_') {
    return {TokenKind::kUnderscore, text.size() > 1 && IsWord(text[1]) ? size_t{0} : size_t{1}};
  }
  return CutSign(text);
}

void Advance(std::string_view passed, Position* at) {
  for (const char c : passed) {
    if (c == '\n') {
      ++at->line;
      at->column = 1;
    } else if ((static_cast<uint8_t>(c) & 0xC0) != 0x80) {
      ++at->column;
    }
  }
}

// Gives every '(' its partner and finds the groups of conditions. A '(' after a name holds a function's arguments.
void PairBrackets(std::vector<Token>* tokens) {
  struct Open {
    uint32_t token;
    bool groups;
  };
  std::vector<Open> open;
  for (uint32_t i = 0; i < tokens->size(); ++i) {
    Token& token = (*tokens)[i];
    switch (token.kind) {
      case TokenKind::kLeftParen: {
        const TokenKind before = i == 0 ? TokenKind::kEnd : (*tokens)[i - 1].kind;
        open.push_back({i, before != TokenKind::kUppercase && before != TokenKind::kLowercase});
        break;
      }
      case TokenKind::kLeftBrace:
      case TokenKind::kLeftBracket:
        open.push_back({i, false});
        break;
      case TokenKind::kComparison:
      case TokenKind::kAnd:
      case TokenKind::kOr:
      case TokenKind::kNot:
      case TokenKind::kBoolean:
        if (!open.empty() && open.back().groups) (*tokens)[open.back().token].groups_conditions = true;
        break;
      case TokenKind::kRightParen:
      case TokenKind::kRightBrace:
      case TokenKind::kRightBracket: {
        if (open.empty()) break;
        Token& left = (*tokens)[open.back().token];
        open.pop_back();
        left.partner = i;
        if (left.groups_conditions && !open.empty() && open.back().groups) {
          (*tokens)[open.back().token].groups_conditions = true;
        }
        break;
      }
      default:
        break;
    }
  }
}

}  // namespace

absl::Status ErrorAt(Position at, std::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat(at.line, ":", at.column, ": ", absl::string_view(what.data(), what.size())));
}

absl::StatusOr<std::vector<Token>> Tokenize(std::string_view text) {
  std::vector<Token> tokens;
  Position at;
  while (!text.empty()) {
    size_t size = Run(text, 0, IsSpace);
    if (size == 0) {
      const Cut cut = CutToken(text);
      if (cut.size == 0) {
        return ErrorAt(at, text[0] == '"' ? "this string is not closed" : "unexpected character");
      }
      size = cut.size;
      Token token;
      token.kind = cut.kind;
      token.at = at;
      token.text = text.substr(0, size);
      tokens.push_back(token);
    }
    Advance(text.substr(0, size), &at);
    text.remove_prefix(size);
  }
  Token end;
  end.at = at;
  tokens.push_back(end);
  PairBrackets(&tokens);
  return tokens;
}

}  // namespace tailrace::ottl

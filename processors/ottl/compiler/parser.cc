#include "processors/ottl/compiler/parser.h"

#include "absl/strings/str_cat.h"

namespace tailrace::ottl {
namespace {

constexpr size_t kTextBytesMax = size_t{1} << 20;
constexpr size_t kQuotedBytesMax = 40;

bool IsOperator(TokenKind kind) {
  return kind == TokenKind::kComparison || kind == TokenKind::kAddSub || kind == TokenKind::kMultDiv;
}

}  // namespace

bool Parser::Fail(std::string_view why) {
  if (status_.ok()) status_ = ErrorAt(now().at, why);
  return false;
}

bool Parser::Unexpected(std::string_view what) {
  const absl::string_view expected(what.data(), what.size());
  if (is_end()) return Fail(absl::StrCat("unexpected end of the condition (expected ", expected, ")"));
  const std::string_view found = now().text.substr(0, kQuotedBytesMax);
  return Fail(absl::StrCat("unexpected ", absl::string_view(found.data(), found.size()), " (expected ", expected, ")"));
}

bool Parser::Expect(TokenKind kind, std::string_view what) {
  if (!Is(kind)) return Unexpected(what);
  Take();
  return true;
}

bool Parser::Whole(Node* node) {
  if (!Condition(node)) return false;
  return is_end() || Unexpected("'and', 'or' or the end");
}

bool Parser::Condition(Node* node) {
  *node = NodeHere(NodeKind::kOr);
  do {
    node->children.emplace_back();
    if (!AndTerm(&node->children.back())) return false;
  } while (Is(TokenKind::kOr) && (Take(), true));
  if (node->children.size() == 1) *node = Node(std::move(node->children[0]));
  return true;
}

bool Parser::AndTerm(Node* node) {
  *node = NodeHere(NodeKind::kAnd);
  do {
    node->children.emplace_back();
    if (!NotTerm(&node->children.back())) return false;
  } while (Is(TokenKind::kAnd) && (Take(), true));
  if (node->children.size() == 1) *node = Node(std::move(node->children[0]));
  return true;
}

bool Parser::NotTerm(Node* node) {
  if (first_.has_value()) return Comparison(node);
  if (!Is(TokenKind::kNot)) return Term(node);
  *node = NodeHere(NodeKind::kNot);
  Take();
  node->children.emplace_back();
  return Term(&node->children.back());
}

bool Parser::Term(Node* node) {
  if (!Is(TokenKind::kLeftParen) || !GroupIsCondition()) return Comparison(node);
  const Level level(this);
  if (!level.ok()) return false;
  Take();
  return Condition(node) && Expect(TokenKind::kRightParen, "')'");
}

// At a '(': a condition in parentheses, or a number (or lambda) that is compared with something?
bool Parser::GroupIsCondition() const {
  if (now().groups_conditions || now().partner == 0) return true;
  const TokenKind after = tokens_[now().partner + 1].kind;
  return after != TokenKind::kArrow && !IsOperator(after);
}

bool Parser::Comparison(Node* node) {
  Node left;
  if (first_.has_value()) {
    left = *std::move(first_);
    first_.reset();
  } else if (!Value(&left)) {
    return false;
  }
  return ComparisonAfter(std::move(left), node);
}

bool Parser::ComparisonAfter(Node left, Node* node) {
  if (Is(TokenKind::kComparison)) {
    *node = NodeHere(NodeKind::kComparison);
    node->text = Take().text;
    node->children.resize(2);
    node->children[0] = std::move(left);
    return Value(&node->children[1]);
  }
  // Only a constant and a function's answer are conditions on their own.
  if (left.kind != NodeKind::kBool && left.kind != NodeKind::kCall)
    return Unexpected("a comparison: ==, !=, <, <=, >, >=");
  *node = std::move(left);
  return true;
}

absl::StatusOr<Node> ParseCondition(std::string_view text) {
  if (text.size() > kTextBytesMax) return ErrorAt(Position(), "a condition of more than 1 MiB");
  absl::StatusOr<std::vector<Token>> tokens = Tokenize(text);
  if (!tokens.ok()) return tokens.status();
  Parser parser(*std::move(tokens));
  Node node;
  if (!parser.Whole(&node)) return parser.status();
  return node;
}

}  // namespace tailrace::ottl

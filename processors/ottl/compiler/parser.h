// Parser: recursive descent over the tokens of one condition. Conditions are in parser.cc, what they compare in
// parse_values.cc. No token is read twice: which of two readings a '(' has is known from the lexer's pairs.
//
// Lives for one ParseCondition().
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "processors/ottl/compiler/ast.h"
#include "processors/ottl/compiler/lexer.h"

namespace tailrace::ottl {

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  // Each returns false after the first error, which status() then holds.
  bool Whole(Node* node);
  const absl::Status& status() const { return status_; }

 private:
  // Counts a level of nesting while it lives.
  class Level {
   public:
    explicit Level(Parser* parser) : parser_(parser) { ++parser_->depth_; }
    ~Level() { --parser_->depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    bool ok() const { return parser_->depth_ <= kNestingMax || parser_->Fail("nested more than 200 levels deep"); }

   private:
    Parser* parser_;
  };

  // parser.cc
  bool Condition(Node* node);
  bool AndTerm(Node* node);
  bool NotTerm(Node* node);
  bool Term(Node* node);
  bool GroupIsCondition() const;
  bool Comparison(Node* node);
  bool ComparisonAfter(Node left, Node* node);

  // parse_values.cc
  bool Value(Node* node);
  bool Math(Node* node);
  bool Product(Node* node);
  bool Operand(Node* node);
  bool Atom(Node* node);
  bool Number(Node* node);
  bool Literal(Node* node);
  bool Path(Node* node);
  bool Keys(std::vector<Node>* keys);
  bool Key(Node* node);
  bool NameOrCall(Node* node);
  bool Arguments(Node* call);
  bool OneArgument(Node* call);
  bool Lambda(Node* node);
  bool List(Node* node);
  bool Map(Node* node);
  bool AtLambda() const;
  bool AtMath() const;
  bool AtEnum() const;

  const Token& now() const { return tokens_[at_]; }
  const Token& Ahead(size_t count) const {
    return tokens_[at_ + count < tokens_.size() ? at_ + count : tokens_.size() - 1];
  }
  bool Is(TokenKind kind) const { return now().kind == kind; }
  const Token& Take() { return tokens_[is_end() ? at_ : at_++]; }
  bool is_end() const { return now().kind == TokenKind::kEnd; }
  bool Expect(TokenKind kind, std::string_view what);
  bool Fail(std::string_view why);
  // "unexpected "foo" (expected `what`)".
  bool Unexpected(std::string_view what);
  Node NodeHere(NodeKind kind) const {
    Node node;
    node.kind = kind;
    node.at = now().at;
    return node;
  }

  std::vector<Token> tokens_;
  size_t at_ = 0;
  int depth_ = 0;
  // A value that was read before it turned out to begin a condition.
  std::optional<Node> first_;
  absl::Status status_;
};

}  // namespace tailrace::ottl

#include "absl/strings/str_cat.h"
#include "processors/ottl/compiler/literals.h"
#include "processors/ottl/compiler/parser.h"

namespace tailrace::ottl {
namespace {

constexpr std::string_view kAnyValue = "a path, a function or a literal";
constexpr std::string_view kAnyNumber = "a path, a function, a number or '('";

// A function's name is cut into runs of one case.
bool IsNamePart(TokenKind kind) { return kind == TokenKind::kUppercase || kind == TokenKind::kLowercase; }

}  // namespace

bool Parser::AtLambda() const {
  return Is(TokenKind::kLeftParen) && now().partner != 0 && tokens_[now().partner + 1].kind == TokenKind::kArrow;
}

bool Parser::AtMath() const {
  switch (now().kind) {
    case TokenKind::kLeftParen:
    case TokenKind::kAddSub:
    case TokenKind::kInt:
    case TokenKind::kFloat:
    case TokenKind::kLowercase:
      return true;
    default:
      return false;
  }
}

// At an uppercase run: an enum, or the first part of a function's name?
bool Parser::AtEnum() const {
  size_t parts = 1;
  while (IsNamePart(Ahead(parts).kind)) ++parts;
  if (Ahead(parts).kind == TokenKind::kLeftParen) return false;
  return Ahead(1).text.data() != now().text.data() + now().text.size() || !IsNamePart(Ahead(1).kind);
}

bool Parser::Value(Node* node) {
  const Level level(this);
  if (!level.ok()) return false;
  if (AtLambda()) return Lambda(node);
  if (AtMath()) return Math(node);
  switch (now().kind) {
    case TokenKind::kUppercase: {
      if (!AtEnum()) return Math(node);
      *node = NodeHere(NodeKind::kEnum);
      node->text = Take().text;
      return true;
    }
    case TokenKind::kLeftBrace:
      return Map(node);
    case TokenKind::kLeftBracket:
      return List(node);
    default:
      return Literal(node);
  }
}

bool Parser::Literal(Node* node) {
  *node = NodeHere(NodeKind::kNil);
  switch (now().kind) {
    case TokenKind::kNil:
      break;
    case TokenKind::kBoolean:
      node->kind = NodeKind::kBool;
      node->integer = now().text == "true" ? 1 : 0;
      break;
    case TokenKind::kString:
      node->kind = NodeKind::kString;
      if (!Unquote(now().text, &node->text)) return Fail("an escape that Go strings do not have, or a line break");
      break;
    case TokenKind::kBytes:
      node->kind = NodeKind::kBytes;
      if (!ParseBytes(now().text, &node->text))
        return Fail("a byte literal needs an even number of hexadecimal digits");
      break;
    default:
      return Unexpected(kAnyValue);
  }
  Take();
  return true;
}

// Sums of products; an operand on its own stays what it is.
bool Parser::Math(Node* node) {
  *node = NodeHere(NodeKind::kMath);
  for (;;) {
    node->children.emplace_back();
    if (!Product(&node->children.back())) return false;
    if (!Is(TokenKind::kAddSub)) break;
    node->text += Take().text;
  }
  if (node->children.size() == 1) *node = Node(std::move(node->children[0]));
  return true;
}

bool Parser::Product(Node* node) {
  *node = NodeHere(NodeKind::kMath);
  for (;;) {
    node->children.emplace_back();
    if (!Operand(&node->children.back())) return false;
    if (!Is(TokenKind::kMultDiv)) break;
    node->text += Take().text;
  }
  if (node->children.size() == 1) *node = Node(std::move(node->children[0]));
  return true;
}

// One sign at most, then a literal, path or call, or a sum in parentheses.
bool Parser::Operand(Node* node) {
  if (!Is(TokenKind::kAddSub) && !Is(TokenKind::kLeftParen)) return Atom(node);
  *node = NodeHere(NodeKind::kGroup);
  if (Is(TokenKind::kAddSub) && Take().text == "-") node->kind = NodeKind::kNegate;
  node->children.emplace_back();
  if (!Is(TokenKind::kLeftParen)) return Atom(&node->children.back());
  const Level level(this);
  if (!level.ok()) return false;
  Take();
  return Math(&node->children.back()) && Expect(TokenKind::kRightParen, "')'");
}

bool Parser::Atom(Node* node) {
  if (Is(TokenKind::kInt) || Is(TokenKind::kFloat)) return Number(node);
  if (Is(TokenKind::kUppercase)) return NameOrCall(node);
  if (!Is(TokenKind::kLowercase)) return Unexpected(kAnyNumber);
  size_t ahead = 1;
  while (IsNamePart(Ahead(ahead).kind)) ++ahead;
  if (Ahead(ahead).kind != TokenKind::kLeftParen) return Path(node);
  return Fail("functions of conditions begin with an uppercase letter");
}

bool Parser::Number(Node* node) {
  *node = NodeHere(Is(TokenKind::kInt) ? NodeKind::kInt : NodeKind::kFloat);
  if (Is(TokenKind::kInt)) {
    if (!ParseInt(now().text, &node->integer)) return Fail("not an int of 64 bits (a leading 0 means octal)");
  } else if (!ParseFloat(now().text, &node->number)) {
    return Fail("a number out of range");
  }
  Take();
  return true;
}

bool Parser::Path(Node* node) {
  *node = NodeHere(NodeKind::kPath);
  for (;;) {
    if (!Is(TokenKind::kLowercase)) return Unexpected("the next part of the path");
    Node segment = NodeHere(NodeKind::kSegment);
    segment.text = Take().text;
    if (!Keys(&segment.keys)) return false;
    node->children.push_back(std::move(segment));
    if (!Is(TokenKind::kDot)) return true;
    Take();
  }
}

bool Parser::Keys(std::vector<Node>* keys) {
  while (Is(TokenKind::kLeftBracket)) {
    Take();
    keys->emplace_back();
    if (!Key(&keys->back()) || !Expect(TokenKind::kRightBracket, "']'")) return false;
  }
  return true;
}

bool Parser::Key(Node* node) {
  if (Is(TokenKind::kString)) return Literal(node);
  if (Is(TokenKind::kInt)) return Number(node);
  const Level level(this);
  return level.ok() && Math(node);
}

// At an uppercase run.
bool Parser::NameOrCall(Node* node) {
  *node = NodeHere(NodeKind::kCall);
  while (IsNamePart(now().kind)) node->text += Take().text;
  if (!Is(TokenKind::kLeftParen)) return Unexpected("'(' and the function's arguments");
  Take();
  return Arguments(node) && Expect(TokenKind::kRightParen, "',' or ')'") && Keys(&node->keys);
}

bool Parser::Arguments(Node* call) {
  if (Is(TokenKind::kRightParen)) return true;
  for (;;) {
    if (!OneArgument(call)) return false;
    if (!Is(TokenKind::kComma)) return true;
    Take();
  }
}

// `name=value`, a value, or the bare name of a function.
bool Parser::OneArgument(Node* call) {
  Node argument = NodeHere(NodeKind::kArgument);
  if (Is(TokenKind::kLowercase)) {
    size_t ahead = 1;
    while (IsNamePart(Ahead(ahead).kind)) ++ahead;
    if (Ahead(ahead).kind == TokenKind::kEqual) {
      for (; ahead > 0; --ahead) argument.text += Take().text;
      Take();
    }
  }
  argument.children.emplace_back();
  Node& value = argument.children.back();
  size_t parts = 0;
  while (IsNamePart(Ahead(parts).kind)) ++parts;
  const TokenKind after = Ahead(parts).kind;
  if (Is(TokenKind::kUppercase) && parts > 1 && (after == TokenKind::kComma || after == TokenKind::kRightParen)) {
    value = NodeHere(NodeKind::kFunctionName);
    for (; parts > 0; --parts) value.text += Take().text;
  } else if (!Value(&value)) {
    return false;
  }
  call->children.push_back(std::move(argument));
  return true;
}

bool Parser::Lambda(Node* node) {
  *node = NodeHere(NodeKind::kLambda);
  Take();
  while (!Is(TokenKind::kRightParen)) {
    if (!Is(TokenKind::kLowercase) && !Is(TokenKind::kUnderscore)) return Unexpected("a parameter's name or '_'");
    node->names.emplace_back(Take().text);
    if (Is(TokenKind::kRightParen)) break;
    if (!Expect(TokenKind::kComma, "',' or ')'")) return false;
    if (Is(TokenKind::kRightParen)) return Unexpected("a parameter's name or '_'");
  }
  Take();
  if (!Expect(TokenKind::kArrow, "'=>'")) return false;
  if (AtLambda()) return Fail("a lambda that yields another lambda");
  node->children.emplace_back();
  Node& body = node->children.back();
  // A value where nothing but a value stands; what makes it a condition is seen behind its first value.
  if (Is(TokenKind::kNot) || (Is(TokenKind::kLeftParen) && now().groups_conditions)) return Condition(&body);
  Node first;
  if (!Value(&first)) return false;
  if (Is(TokenKind::kComparison) || Is(TokenKind::kAnd) || Is(TokenKind::kOr)) {
    first_ = std::move(first);
    return Condition(&body);
  }
  body = std::move(first);
  return true;
}

bool Parser::List(Node* node) {
  *node = NodeHere(NodeKind::kList);
  Take();
  while (!Is(TokenKind::kRightBracket)) {
    node->children.emplace_back();
    if (!Value(&node->children.back())) return false;
    if (Is(TokenKind::kRightBracket)) break;
    if (!Expect(TokenKind::kComma, "',' or ']'")) return false;
    if (Is(TokenKind::kRightBracket)) return Unexpected(kAnyValue);
  }
  Take();
  return true;
}

// Items need no comma between them.
bool Parser::Map(Node* node) {
  *node = NodeHere(NodeKind::kMap);
  Take();
  while (!Is(TokenKind::kRightBrace)) {
    std::string name;
    if (!Is(TokenKind::kString)) return Unexpected("a string as the key, or '}'");
    if (!Unquote(now().text, &name)) return Fail("an escape that Go strings do not have, or a line break");
    Take();
    if (!Expect(TokenKind::kColon, "':'")) return false;
    node->names.push_back(std::move(name));
    node->children.emplace_back();
    if (!Value(&node->children.back())) return false;
    if (Is(TokenKind::kComma)) Take();
  }
  Take();
  return true;
}

}  // namespace tailrace::ottl

// The syntax tree of a condition: one kind of node for all, since most passes over it are short.
//
// Built by the parser, read by the compiler, gone before the first span comes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "processors/ottl/compiler/lexer.h"

namespace tailrace::ottl {

enum class NodeKind : uint8_t {
  // values
  kNil,
  kBool,          // integer: 0 or 1
  kInt,           // integer
  kFloat,         // number
  kString,        // text, unquoted
  kBytes,         // text, decoded
  kEnum,          // text
  kFunctionName,  // text; only as an argument
  kPath,          // children: kSegment
  kSegment,       // text, keys
  kCall,          // text, children: kArgument, keys
  kArgument,      // text: the parameter's name or empty; one child
  kMath,          // children: operands; text: one operator fewer, of one precedence
  kNegate,        // one child
  kGroup,         // one child: a number in parentheses, which no longer counts as a literal
  kLambda,        // names; one child: a value or a condition
  kList,          // children
  kMap,           // children, names: their keys
  // conditions; also kBool and kCall
  kOr,
  kAnd,
  kNot,         // one child
  kComparison,  // text: the operator; two children
};

struct Node {
  NodeKind kind = NodeKind::kNil;
  Position at;
  union {
    int64_t integer = 0;
    double number;
  };
  std::string text;
  std::vector<Node> children;
  std::vector<Node> keys;  // kString, kInt or any value that yields one of them
  std::vector<std::string> names;
};

// Nesting of more than this many levels is refused, so that no text can exhaust the stack.
constexpr int kNestingMax = 200;

// A whole condition. Errors name line and column.
absl::StatusOr<Node> ParseCondition(std::string_view text);

}  // namespace tailrace::ottl

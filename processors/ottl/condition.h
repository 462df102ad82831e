// Condition: one OTTL condition, compiled at start into a flat program that reads a span's wire bytes.
//
//   AttributeKeys keys;
//   auto condition = Condition::Compile("attributes[\"http.status\"] >= 500", Context::kSpan, &keys);
//   Evaluation evaluation;
//   evaluation.span = &view;
//   condition.value()->Test(&evaluation);   // kYes, kNo or kError (evaluation.error says why)
//
// Immutable once compiled, but for caches; single-writer.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "processors/ottl/expression.h"
#include "processors/spans/attribute_keys.h"
#include "processors/spans/span_questions.h"

namespace tailrace::ottl {

// What bare paths are of: `span.` or `spanevent.`. Resource, scope and, for events, span are reachable from both.
enum class Context : uint8_t { kSpan, kSpanEvent };

class Condition {
 public:
  // The error's message names the column, as in "1:24: unexpected token ...". The attribute keys that the condition
  // reads are added to `keys`. Bounded: text of more than 1 MiB and nesting of more than 200 levels are refused.
  static absl::StatusOr<std::unique_ptr<Condition>> Compile(std::string_view text, Context context,
                                                            AttributeKeys* keys);
  virtual ~Condition() = default;

  // Clears the arena first.
  virtual Answer Test(Evaluation* evaluation) const = 0;
};

}  // namespace tailrace::ottl

// One span of every kind of value, and conditions asked of it: what the tests of the condition compiler have in common.
#pragma once

#include <string>
#include <string_view>

#include "processors/ottl/condition.h"
#include "tests/support/otlp_builder.h"

namespace tailrace::ottl {

// The span, its event and what is around them, as wire bytes; a test may change them before it asks.
struct Scene {
  Scene();
  std::string span;
  std::string resource;
  std::string scope;
  std::string event;

  // "yes", "no", "error: ..." or "refused: ...".
  std::string Ask(std::string_view condition, Context context = Context::kSpan) const;
};

// Of the scene as it is.
std::string Ask(std::string_view condition, Context context = Context::kSpan);

}  // namespace tailrace::ottl

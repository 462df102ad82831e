#include "processors/ottl/condition.h"

namespace tailrace::ottl {

absl::StatusOr<std::unique_ptr<Condition>> Condition::Compile(std::string_view, Context, AttributeKeys*) {
  return absl::UnimplementedError("1:1: OTTL conditions are not there yet");
}

}  // namespace tailrace::ottl

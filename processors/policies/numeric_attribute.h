// `numeric_attribute`: has the span, or its resource, the attribute with a whole number within bounds? As in the
// Collector a value of another type counts as 0.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "processors/spans/per_resource.h"
#include "processors/spans/span_questions.h"
#include "proto/any_value.h"

namespace tailrace {

class NumericAttributeQuestion final : public SpanQuestion {
 public:
  // Bounds are inclusive; 0: none.
  NumericAttributeQuestion(AttributeKeys* keys, std::string_view key, int64_t min_value, int64_t max_value)
      : key_(keys->Add(key)),
        min_(min_value == 0 ? std::numeric_limits<int64_t>::min() : min_value),
        max_(max_value == 0 ? std::numeric_limits<int64_t>::max() : max_value) {}

  Answer Ask(SpanView* span) override {
    const bool of_resource = resource_.Get(span, [this](SpanView* at) { return Matches(at->ResourceAttribute(key_)); });
    return of_resource || Matches(span->SpanAttribute(key_)) ? Answer::kYes : Answer::kNo;
  }

 private:
  bool Matches(std::string_view attribute) const {
    if (attribute.data() == nullptr) return false;
    const AnyValue value = ReadAnyValue(attribute);
    const int64_t number = value.kind == AnyKind::kInt ? value.integer : 0;
    return min_ <= number && number <= max_;
  }

  uint32_t key_;
  PerResource resource_;
  int64_t min_;
  int64_t max_;
};

}  // namespace tailrace

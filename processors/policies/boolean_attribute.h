// `boolean_attribute`: has the span, or its resource, the attribute with this truth value? As in the Collector a value
// of another type counts as false.
#pragma once

#include <string_view>

#include "processors/spans/per_resource.h"
#include "processors/spans/span_questions.h"
#include "proto/any_value.h"

namespace tailrace {

class BooleanAttributeQuestion final : public SpanQuestion {
 public:
  BooleanAttributeQuestion(AttributeKeys* keys, std::string_view key, bool wanted)
      : key_(keys->Add(key)), wanted_(wanted) {}

  Answer Ask(SpanView* span) override {
    const bool of_resource = resource_.Get(span, [this](SpanView* at) { return Matches(at->ResourceAttribute(key_)); });
    return of_resource || Matches(span->SpanAttribute(key_)) ? Answer::kYes : Answer::kNo;
  }

 private:
  bool Matches(std::string_view attribute) const {
    if (attribute.data() == nullptr) return false;
    const AnyValue value = ReadAnyValue(attribute);
    return (value.kind == AnyKind::kBool && value.boolean) == wanted_;
  }

  uint32_t key_;
  PerResource resource_;
  bool wanted_;
};

}  // namespace tailrace

// `string_attribute`: has the span, or its resource, the attribute with one of these texts, or with a text in which one
// of these regular expressions is found?
//
// The Collector's rules for what is no text: an empty text of a span never matches; one of a resource is matched like
// any other, and a value of another type counts as the empty text. Empty texts in the list match nothing.
#pragma once

#include <memory>
#include <string_view>

#include "base/text_set.h"
#include "config/model.h"
#include "processors/policies/pattern_list.h"
#include "processors/spans/per_resource.h"
#include "processors/spans/span_questions.h"

namespace tailrace {

class StringAttributeQuestion final : public SpanQuestion {
 public:
  // Expressions that do not compile match nothing; CheckPolicies() has refused them.
  StringAttributeQuestion(AttributeKeys* keys, const config::StringAttributeConfig& config);

  Answer Ask(SpanView* span) override;

 private:
  bool Matches(std::string_view text);

  uint32_t key_;
  PerResource resource_;
  TextSet texts_;
  std::unique_ptr<PatternList> patterns_;  // null: texts_ count
};

}  // namespace tailrace

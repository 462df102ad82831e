// `ottl_condition`: is one of these OTTL conditions true of the span, or of one of its events? The span's conditions
// are asked first, then those of its events, event by event.
#pragma once

#include <memory>
#include <vector>

#include "config/model.h"
#include "processors/ottl/condition.h"
#include "processors/spans/span_questions.h"

namespace tailrace {

class OttlQuestion final : public SpanQuestion {
 public:
  // Conditions that do not compile are never true; CheckPolicies() has refused them.
  OttlQuestion(AttributeKeys* keys, const config::OttlConditionConfig& config);

  Answer Ask(SpanView* span) override;

 private:
  using Conditions = std::vector<std::unique_ptr<ottl::Condition>>;

  // Of one span or event. An error counts only where error_mode says so.
  Answer AskAll(const Conditions& conditions);

  const bool propagate_errors_;
  Conditions span_;
  Conditions event_;
  ottl::Evaluation evaluation_;
};

}  // namespace tailrace

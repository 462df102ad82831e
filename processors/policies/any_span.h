// AnySpanPolicy: keeps traces in which some span answers a question with yes, or, inverted, in which none does. What
// the policies about attributes, trace states and OTTL conditions have in common; each brings its own question.
//
// A question about attributes asks the span's resource too, with each span: as every resource that arrives has a span,
// that is the Collector's 'any resource or span'.
#pragma once

#include <memory>
#include <utility>

#include "processors/policy.h"
#include "processors/spans/span_questions.h"

namespace tailrace {

class AnySpanPolicy final : public Policy {
 public:
  // `questions` outlives the policy.
  AnySpanPolicy(SpanQuestions* questions, std::unique_ptr<SpanQuestion> question, bool invert = false)
      : questions_(questions), question_(questions->Add(std::move(question))), invert_(invert) {}

  Vote Evaluate(const TraceView&) override {
    const Answer answer = questions_->Get(question_);
    if (answer == Answer::kError) return Vote::kError;
    return (answer == Answer::kYes) != invert_ ? Vote::kSampled : Vote::kNotSampled;
  }

 private:
  SpanQuestions* questions_;
  uint32_t question_;
  bool invert_;
};

}  // namespace tailrace

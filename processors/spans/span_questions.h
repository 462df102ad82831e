// SpanQuestions: what the policies want to know of single spans ('has any span ...?'), asked together: the first answer
// that is wanted makes one walk over the trace, which puts every question to every span until all are answered.
//
// Single-writer. Questions and keys are added while policies are built.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "processors/spans/attribute_keys.h"
#include "processors/spans/span_view.h"
#include "processors/spans/stored_span.h"

namespace tailrace {

enum class Answer : uint8_t { kNo, kYes, kError };

class SpanQuestion {
 public:
  virtual ~SpanQuestion() = default;
  // Of one span. kYes and kError end it: the question is not put to the trace's later spans.
  virtual Answer Ask(SpanView* span) = 0;
};

class SpanQuestions {
 public:
  SpanQuestions() : view_(&keys_) {}
  SpanQuestions(const SpanQuestions&) = delete;
  SpanQuestions& operator=(const SpanQuestions&) = delete;

  AttributeKeys* keys() { return &keys_; }
  // The question's number.
  uint32_t Add(std::unique_ptr<SpanQuestion> question);

  // The trace that the following answers are of. Null: it has no spans to show, and all answers are kNo.
  void Begin(TraceSpans* spans) {
    spans_ = spans;
    walked_ = false;
  }
  Answer Get(uint32_t question) {
    if (!walked_) Walk();
    return answers_[question];
  }

 private:
  void Walk();

  AttributeKeys keys_;
  SpanView view_;
  std::vector<std::unique_ptr<SpanQuestion>> questions_;
  std::vector<Answer> answers_;
  std::vector<uint32_t> open_;  // scratch: the questions without an answer yet
  TraceSpans* spans_ = nullptr;
  bool walked_ = false;
};

}  // namespace tailrace

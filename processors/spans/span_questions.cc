#include "processors/spans/span_questions.h"

#include <utility>

namespace tailrace {

uint32_t SpanQuestions::Add(std::unique_ptr<SpanQuestion> question) {
  questions_.push_back(std::move(question));
  answers_.push_back(Answer::kNo);
  return static_cast<uint32_t>(questions_.size() - 1);
}

void SpanQuestions::Walk() {
  walked_ = true;
  open_.clear();
  for (uint32_t i = 0; i < questions_.size(); ++i) {
    answers_[i] = Answer::kNo;
    open_.push_back(i);
  }
  if (spans_ == nullptr) return;
  view_.Begin();
  spans_->Rewind();
  StoredSpan span;
  while (!open_.empty() && spans_->Next(&span)) {
    view_.Reset(span);
    for (size_t i = 0; i < open_.size();) {
      const Answer answer = questions_[open_[i]]->Ask(&view_);
      if (answer == Answer::kNo) {
        ++i;
        continue;
      }
      answers_[open_[i]] = answer;
      open_[i] = open_.back();
      open_.pop_back();
    }
  }
}

}  // namespace tailrace

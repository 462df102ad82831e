#include "processors/policies/ottl_condition.h"

#include <utility>

#include "proto/wire_reader.h"

namespace tailrace {

OttlQuestion::OttlQuestion(AttributeKeys* keys, const config::OttlConditionConfig& config)
    : propagate_errors_(config.error_mode == config::ErrorMode::kPropagate) {
  const auto compile = [keys](const std::vector<config::LocatedText>& texts, ottl::Context context,
                              Conditions* conditions) {
    for (const config::LocatedText& text : texts) {
      auto condition = ottl::Condition::Compile(text.text, context, keys);
      if (condition.ok()) conditions->push_back(*std::move(condition));
    }
  };
  compile(config.span, ottl::Context::kSpan, &span_);
  compile(config.span_event, ottl::Context::kSpanEvent, &event_);
}

Answer OttlQuestion::AskAll(const Conditions& conditions) {
  for (const std::unique_ptr<ottl::Condition>& condition : conditions) {
    const Answer answer = condition->Test(&evaluation_);
    if (answer == Answer::kYes || (answer == Answer::kError && propagate_errors_)) return answer;
  }
  return Answer::kNo;
}

Answer OttlQuestion::Ask(SpanView* span) {
  evaluation_.span = span;
  if (const Answer answer = AskAll(span_); answer != Answer::kNo) return answer;
  if (event_.empty()) return Answer::kNo;
  constexpr uint32_t kEvents = WireTag(11, kLengthDelimited);
  uint32_t index = 0;
  WireReader reader(span->stored().span);
  while (reader.Next()) {
    if (reader.tag() != kEvents) {
      reader.Skip();
      continue;
    }
    span->SetEvent(reader.Bytes(), index++);
    if (const Answer answer = AskAll(event_); answer != Answer::kNo) return answer;
  }
  return Answer::kNo;
}

}  // namespace tailrace

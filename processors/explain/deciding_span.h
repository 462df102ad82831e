// How Explain finds the span that decided: one walk over the trace, with the very questions that the policies ask.
// Internal to explain/.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "processors/explain/explain.h"
#include "processors/explain/known_trace.h"
#include "processors/spans/span_questions.h"
#include "processors/spans/span_view.h"
#include "processors/spans/value_text.h"
#include "proto/service_name.h"

namespace tailrace {

inline DecidingSpan Describe(SpanView* span) {
  constexpr size_t kIdMax = 16;
  return {.span_id = std::string(span->fields().span_id.substr(0, kIdMax)),
          .service = Shortened(ServiceNameOf(span->stored().resource)),
          .operation = Shortened(span->fields().name)};
}

// Calls `visit(SpanView*)` for each span until it says true. False where it never did, or the spans are gone.
template <class Visit>
bool VisitSpans(const KnownTrace& trace, const AttributeKeys& keys, Visit visit) {
  if (trace.spans == nullptr) return false;
  SpanView view(&keys);
  view.Begin();
  trace.spans->Rewind();
  StoredSpan span;
  while (trace.spans->Next(&span)) {
    view.Reset(span);
    if (visit(&view)) return true;
  }
  return false;
}

// The first span for which `is_it(SpanView*)` holds.
template <class IsIt>
std::optional<DecidingSpan> FirstSpan(const KnownTrace& trace, IsIt is_it) {
  std::optional<DecidingSpan> found;
  VisitSpans(trace, AttributeKeys(), [&](SpanView* span) {
    if (is_it(span)) found = Describe(span);
    return found.has_value();
  });
  return found;
}

// What the values of an attribute are throughout a trace, in few words.
class SeenValues {
 public:
  void Add(std::string_view any_value) {
    if (any_value.data() == nullptr || more_) return;
    std::string text = Shortened(ValueText(any_value), 64);
    if (std::find(texts_.begin(), texts_.end(), text) != texts_.end()) return;
    more_ = texts_.size() == kShown;
    if (!more_) texts_.push_back(std::move(text));
  }
  std::string Text() const {
    std::string all;
    for (const std::string& text : texts_) all += (all.empty() ? "" : ", ") + text;
    return more_ ? all + " and others" : all;
  }

 private:
  static constexpr size_t kShown = 3;
  std::vector<std::string> texts_;
  bool more_ = false;
};

// An attribute question's first yes, with the value that it was said to; or, where it is no throughout, what values
// there are. `make(AttributeKeys*)` makes the question.
template <class Make>
void ExplainAttribute(const KnownTrace& trace, const std::string& key, Make make, Explanation* explanation) {
  AttributeKeys keys;
  const auto question = make(&keys);
  const auto of_resource = make(&keys);
  const uint32_t number = keys.Add(key);
  SpanView resource(&keys);
  resource.Begin();
  SeenValues seen;
  const bool found = VisitSpans(trace, keys, [&](SpanView* span) {
    if (question->Ask(span) != Answer::kYes) {
      seen.Add(span->SpanAttribute(number));
      seen.Add(span->ResourceAttribute(number));
      return false;
    }
    // Whether the resource alone would have been enough: it is asked first.
    StoredSpan alone = span->stored();
    alone.span = {};
    resource.Reset(alone);
    const bool is_of_resource = of_resource->Ask(&resource) == Answer::kYes;
    explanation->value = ValueText(is_of_resource ? span->ResourceAttribute(number) : span->SpanAttribute(number));
    explanation->span = Describe(span);
    return true;
  });
  if (found || trace.spans == nullptr) return;
  explanation->value = seen.Text().empty() ? "not present" : seen.Text();
}

}  // namespace tailrace

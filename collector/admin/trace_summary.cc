#include "collector/admin/trace_summary.h"

#include <algorithm>

#include "collector/shard/framed_spans.h"
#include "processors/spans/span_view.h"
#include "processors/spans/value_text.h"
#include "proto/service_name.h"

namespace tailrace {
namespace {

template <class Visit>
void VisitSpans(std::string_view request, const AttributeKeys& keys, Visit visit) {
  FramedSpans spans(request);
  SpanView view(&keys);
  view.Begin();
  StoredSpan span;
  while (spans.Next(&span)) {
    view.Reset(span);
    visit(&view);
  }
}

bool Is(std::string_view any_value, const std::string& text) {
  return any_value.data() != nullptr && ValueIs(any_value, text);
}

}  // namespace

TraceSummary Summarize(std::string_view request) {
  TraceSummary summary;
  VisitSpans(request, AttributeKeys(), [&](SpanView* span) {
    std::string service = Shortened(ServiceNameOf(span->stored().resource));
    if (!summary.root.has_value() && span->fields().parent_span_id.empty()) {
      summary.root = {.service = service, .operation = Shortened(span->fields().name)};
    }
    std::vector<std::string>& services = summary.services;
    if (service.empty() || services.size() == TraceSummary::kServicesMax) return;
    if (std::find(services.begin(), services.end(), service) == services.end()) services.push_back(std::move(service));
  });
  return summary;
}

bool SpansMatch(const TraceQuery& query, std::string_view request) {
  if (!query.AsksSpans()) return true;
  bool service = !query.service.has_value();
  bool operation = !query.operation.has_value();
  bool attribute = !query.attribute.has_value();
  AttributeKeys keys;
  const uint32_t key = attribute ? 0 : keys.Add(query.attribute->key);
  VisitSpans(request, keys, [&](SpanView* span) {
    service = service || ServiceNameOf(span->stored().resource) == *query.service;
    operation = operation || span->fields().name == *query.operation;
    attribute = attribute || Is(span->SpanAttribute(key), query.attribute->value) ||
                Is(span->ResourceAttribute(key), query.attribute->value);
  });
  return service && operation && attribute;
}

}  // namespace tailrace

// The spans of one trace as a policy can ask for them: wire bytes, as they were received.
#pragma once

#include <cstdint>
#include <string_view>

namespace tailrace {

struct StoredSpan {
  std::string_view span;      // a Span message, without its tag and length
  std::string_view resource;  // the fields of its ResourceSpans beside scope_spans, with their tags
  std::string_view scope;     // the fields of its ScopeSpans beside spans, with their tags
  uint32_t header = 0;        // within one trace, spans with the same header have the same resource and scope
};

// Single-writer; walks over a trace in the order of arrival.
class TraceSpans {
 public:
  virtual ~TraceSpans() = default;
  // Before the first span.
  virtual void Rewind() = 0;
  // False at the end. What `span` points to is valid until the next call.
  virtual bool Next(StoredSpan* span) = 0;
};

}  // namespace tailrace

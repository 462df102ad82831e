// FramedSpans: the spans of one trace out of an ExportTraceServiceRequest, as policies read them. For what a journal
// has stored; malformed parts end the walk.
//
// Single-writer. A view: the request must stay as it is.
#pragma once

#include <string_view>

#include "processors/spans/stored_span.h"
#include "proto/wire_reader.h"

namespace tailrace {

class FramedSpans final : public TraceSpans {
 public:
  explicit FramedSpans(std::string_view request) : request_(request), resources_(request), scopes_({}), spans_({}) {}

  void Rewind() override;
  bool Next(StoredSpan* span) override;

 private:
  bool NextResource();
  bool NextScope();

  std::string_view request_;
  WireReader resources_;
  WireReader scopes_;  // of the present ResourceSpans, from its first ScopeSpans on
  WireReader spans_;   // of the present ScopeSpans, from its first span on
  std::string_view resource_;
  std::string_view scope_;
  uint32_t header_ = 0;
};

}  // namespace tailrace

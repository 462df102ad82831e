// ScannedRuns: some runs of one scanned request, with what is needed to read them. A view: whoever makes it owns all
// parts.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "proto/request_scanner.h"

namespace tailrace {

struct ScannedRuns {
  std::string_view request;
  const std::vector<ScopeHeader>* headers;
  const std::vector<char>* gathered;
  std::span<const SpanRun> runs;

  static ScannedRuns All(std::string_view request, const ScannedRequest& scanned) {
    return {request, &scanned.headers, &scanned.gathered, scanned.runs};
  }

  // `header`: SpanRun::header.
  std::string_view resource(uint32_t header) const {
    const ScopeHeader& at = (*headers)[header];
    return SliceHeader(request, *gathered, at.resource, at.resource_gathered);
  }
  std::string_view scope(uint32_t header) const {
    const ScopeHeader& at = (*headers)[header];
    return SliceHeader(request, *gathered, at.scope, at.scope_gathered);
  }
  // Whether two headers are of one ResourceSpans.
  bool SameResource(uint32_t a, uint32_t b) const {
    return (*headers)[a].resource_spans == (*headers)[b].resource_spans;
  }
  std::string_view spans(const SpanRun& run) const { return request.substr(run.bytes.offset, run.bytes.size); }
};

}  // namespace tailrace

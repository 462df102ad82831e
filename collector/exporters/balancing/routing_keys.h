// RoutingKeys: what of a span the ring hashes, by the exporter's routing_key: the trace's id, or a text made of attributes
// as the Collector makes it, "name=value|" for each in the configured order.
//
// Immutable; any thread. For attributes the request is walked as wire bytes; nothing is built but the text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/model.h"
#include "proto/request_scanner.h"

namespace tailrace {

class RoutingKeys {
 public:
  explicit RoutingKeys(const config::LoadBalancingConfig& config);

  bool by_trace_id() const { return attributes_.empty(); }
  // The key of a run of `scanned`; the view is of the run's trace id or of *text. A name is looked for in the resource,
  // then in the scope, then in the run's first span; `span.kind` and `span.name` are the span's own fields.
  std::string_view KeyOf(std::string_view request, const ScannedRequest& scanned, const SpanRun& run,
                         std::string* text) const;

 private:
  std::vector<std::string> attributes_;  // empty: by trace id
};

}  // namespace tailrace

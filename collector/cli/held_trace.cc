#include "collector/cli/held_trace.h"

#include <utility>

#include "collector/exporters/request_view.h"
#include "proto/json_reader.h"

namespace tailrace {
namespace {

constexpr int32_t kError = 2;

}  // namespace

absl::StatusOr<HeldTrace> HeldTrace::FromOtlpJson(std::string_view json) {
  auto bytes = std::make_unique<std::string>();
  if (absl::Status status = ParseOtlpJson(json, bytes.get()); !status.ok()) return status;
  HeldTrace trace;
  for (const ResourceView& resource : ReadRequest(*bytes).resources) {
    const std::string_view service = FindString(resource.attributes, "service.name");
    for (const ScopeView& scope : resource.scopes) {
      for (const SpanView& span : scope.spans) {
        trace.spans_.push_back({.id = span.span_id,
                                .parent_id = span.parent_id,
                                .service = service,
                                .name = span.name,
                                .kind = span.kind,
                                .start_ns = span.start_ns,
                                .end_ns = span.end_ns,
                                .error = span.status_code == kError,
                                .status_message = span.status_message});
      }
    }
  }
  trace.bytes_ = std::move(bytes);
  return trace;
}

}  // namespace tailrace

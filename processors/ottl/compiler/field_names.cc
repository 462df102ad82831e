#include <algorithm>

#include "processors/ottl/compiler/fields.h"

namespace tailrace::ottl {
namespace {

struct NamedField {
  std::string_view context;
  std::string_view path;
  Field field;
};

constexpr NamedField kFields[] = {
    {"span", "trace_id", Field::kTraceId},
    {"span", "trace_id.string", Field::kTraceIdText},
    {"span", "span_id", Field::kSpanId},
    {"span", "span_id.string", Field::kSpanIdText},
    {"span", "parent_span_id", Field::kParentSpanId},
    {"span", "parent_span_id.string", Field::kParentSpanIdText},
    {"span", "trace_state", Field::kTraceState},
    {"span", "name", Field::kName},
    {"span", "kind", Field::kKind},
    {"span", "kind.string", Field::kKindText},
    {"span", "kind.deprecated_string", Field::kDeprecatedKindText},
    {"span", "start_time_unix_nano", Field::kStartTimeNs},
    {"span", "end_time_unix_nano", Field::kEndTimeNs},
    {"span", "start_time", Field::kStartTime},
    {"span", "end_time", Field::kEndTime},
    {"span", "dropped_attributes_count", Field::kDroppedAttributes},
    {"span", "events", Field::kEvents},
    {"span", "dropped_events_count", Field::kDroppedEvents},
    {"span", "links", Field::kLinks},
    {"span", "dropped_links_count", Field::kDroppedLinks},
    {"span", "status", Field::kStatus},
    {"span", "status.code", Field::kStatusCode},
    {"span", "status.message", Field::kStatusMessage},
    {"span", "flags", Field::kFlags},
    {"spanevent", "time_unix_nano", Field::kEventTimeNs},
    {"spanevent", "time", Field::kEventTime},
    {"spanevent", "name", Field::kEventName},
    {"spanevent", "dropped_attributes_count", Field::kEventDroppedAttributes},
    {"spanevent", "event_index", Field::kEventIndex},
    {"resource", "dropped_attributes_count", Field::kResourceDroppedAttributes},
    {"resource", "schema_url", Field::kResourceSchemaUrl},
    {"scope", "name", Field::kScopeName},
    {"scope", "version", Field::kScopeVersion},
    {"scope", "dropped_attributes_count", Field::kScopeDroppedAttributes},
    {"scope", "schema_url", Field::kScopeSchemaUrl},
    // What the Collector knows of the client that sent the data is gone when a trace is judged.
    {"otelcol", "client.addr", Field::kNil},
    {"otelcol", "client.auth.attributes", Field::kEmptyMap},
    {"otelcol", "client.metadata", Field::kEmptyMap},
    {"otelcol", "grpc.metadata", Field::kEmptyMap},
};

}  // namespace

Field FindField(std::string_view context, std::string_view path) {
  for (const NamedField& named : kFields) {
    if (named.context == context && named.path == path) return named.field;
  }
  return Field::kNone;
}

std::vector<std::string> FieldNames(std::string_view context) {
  std::vector<std::string> names;
  if (context != "otelcol") names.emplace_back("attributes");
  for (const NamedField& named : kFields) {
    if (named.context != context) continue;
    std::string name(named.path.substr(0, named.path.find('.')));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

}  // namespace tailrace::ottl

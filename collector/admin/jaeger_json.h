// A trace in the JSON of Jaeger's query API, which its page and others read: GET /api/traces/{id}. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace tailrace {

// `request`: the spans of one trace as an ExportTraceServiceRequest. What OTLP has and Jaeger has no field for becomes
// a tag of the name that OpenTelemetry gives it: span.kind, otel.status_code, otel.scope.name, w3c.tracestate.
std::string JaegerJson(std::string_view request);

}  // namespace tailrace

// RequestView: an ExportTraceServiceRequest taken apart into views of its bytes, for people to read (`debug`). Not for
// the data path. A value; lives no longer than the bytes that it was read from.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace tailrace {

struct SpanView {
  std::string_view trace_id;
  std::string_view span_id;
  std::string_view parent_id;
  std::string_view trace_state;
  std::string_view name;
  int32_t kind = 0;
  uint64_t start_ns = 0;
  uint64_t end_ns = 0;
  int32_t status_code = 0;
  std::string_view status_message;
  std::vector<std::string_view> attributes;  // serialized KeyValues
  std::vector<std::string_view> events;      // serialized Events
  std::vector<std::string_view> links;       // serialized Links

  // 0 where the end is not after the start.
  uint64_t duration_ns() const { return end_ns > start_ns ? end_ns - start_ns : 0; }
};

struct ScopeView {
  std::string_view name;
  std::string_view version;
  std::string_view schema_url;
  std::vector<std::string_view> attributes;
  std::vector<SpanView> spans;
};

struct ResourceView {
  std::string_view schema_url;
  std::vector<std::string_view> attributes;
  std::vector<ScopeView> scopes;
};

struct RequestView {
  std::vector<ResourceView> resources;
};

// Malformed parts are left out: what is read here went through the receivers' checks.
RequestView ReadRequest(std::string_view export_trace_service_request);

// The string value of the attribute `key`; empty where it is absent or no string.
std::string_view FindString(const std::vector<std::string_view>& attributes, std::string_view key);

// SPAN_KIND_SERVER is "Server"; an unknown number is "".
const char* SpanKindName(int32_t kind);
// "Unset", "Ok", "Error"; an unknown number is "".
const char* StatusCodeName(int32_t code);

}  // namespace tailrace

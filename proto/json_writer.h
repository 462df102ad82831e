// OTLP/JSON from OTLP protobuf bytes, without messages in between: what the `file` exporter writes.
//
// The text is the Collector's: keys in lowerCamelCase and in the order of its marshaler, ids in lower-case hex, 64-bit
// integers as decimal strings, enums as integers, fields with their default value left out; `resource`, `scope`,
// `status` and an attribute's `value` are always there, if need be as {}.
// The bytes are read by protobuf's rules: the last scalar wins, repeated fields concatenate, sub-messages that come
// twice merge, unknown fields are skipped. Bytes that are no UTF-8 become U+FFFD.
//
// Pure; any thread. Recursion is bounded by kJsonDepthMax; memory beyond `out` is used only for sub-messages that come
// in pieces.
#pragma once

#include <string>
#include <string_view>

namespace tailrace {

// Nested messages, as libprotobuf counts them. The receivers refuse what is deeper (proto/attribute_depth.h).
inline constexpr int kJsonDepthMax = 100;

// Appends one JSON object without a line end. False where the bytes are malformed or too deep; `out` is then as before.
[[nodiscard]] bool WriteOtlpJson(std::string_view export_trace_service_request, std::string* out);

// Appends one serialized AnyValue as OTLP/JSON ({"stringValue":"x"}). False as above.
[[nodiscard]] bool WriteAnyValueJson(std::string_view any_value, std::string* out);

}  // namespace tailrace

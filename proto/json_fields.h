// The OTLP trace messages as tables: field number, JSON key and kind of every field, in the order in which the
// Collector's marshaler writes them. Only for the JSON reader and writer. Immutable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>

namespace tailrace::otlp_json {

enum class Kind : uint8_t {
  kString,
  kId,       // bytes as hex
  kUint32,   // varint
  kInt32,    // varint, an enum
  kFlags,    // fixed32
  kTime,     // fixed64 as a decimal string
  kMessage,  // {} where absent
  kMessages,
  kStrings,
};

struct Message;

struct Field {
  uint32_t number;
  std::string_view key;
  Kind kind;
  const Message* message = nullptr;
};

// A message type: its fields in the order of the output. AnyValue, a oneof, has none and is written by hand.
struct Message {
  std::span<const Field> fields;
};

inline constexpr size_t kFieldsMax = 16;

inline constexpr Message kAnyValue{};

inline constexpr Field kKeyValueFields[] = {{1, "key", Kind::kString}, {2, "value", Kind::kMessage, &kAnyValue}};
inline constexpr Message kKeyValue{kKeyValueFields};

inline constexpr Field kArrayFields[] = {{1, "values", Kind::kMessages, &kAnyValue}};
inline constexpr Field kMapFields[] = {{1, "values", Kind::kMessages, &kKeyValue}};
inline constexpr Message kArrayValue{kArrayFields};
inline constexpr Message kKeyValueList{kMapFields};

inline constexpr Field kEntityRefFields[] = {{1, "schemaUrl", Kind::kString},
                                             {2, "type", Kind::kString},
                                             {3, "idKeys", Kind::kStrings},
                                             {4, "descriptionKeys", Kind::kStrings}};
inline constexpr Message kEntityRef{kEntityRefFields};

inline constexpr Field kResourceFields[] = {{1, "attributes", Kind::kMessages, &kKeyValue},
                                            {2, "droppedAttributesCount", Kind::kUint32},
                                            {3, "entityRefs", Kind::kMessages, &kEntityRef}};
inline constexpr Message kResource{kResourceFields};

inline constexpr Field kScopeFields[] = {{1, "name", Kind::kString},
                                         {2, "version", Kind::kString},
                                         {3, "attributes", Kind::kMessages, &kKeyValue},
                                         {4, "droppedAttributesCount", Kind::kUint32}};
inline constexpr Message kScope{kScopeFields};

inline constexpr Field kEventFields[] = {{1, "timeUnixNano", Kind::kTime},
                                         {2, "name", Kind::kString},
                                         {3, "attributes", Kind::kMessages, &kKeyValue},
                                         {4, "droppedAttributesCount", Kind::kUint32}};
inline constexpr Message kEvent{kEventFields};

inline constexpr Field kLinkFields[] = {{1, "traceId", Kind::kId},
                                        {2, "spanId", Kind::kId},
                                        {3, "traceState", Kind::kString},
                                        {4, "attributes", Kind::kMessages, &kKeyValue},
                                        {5, "droppedAttributesCount", Kind::kUint32},
                                        {6, "flags", Kind::kFlags}};
inline constexpr Message kLink{kLinkFields};

inline constexpr Field kStatusFields[] = {{2, "message", Kind::kString}, {3, "code", Kind::kInt32}};
inline constexpr Message kStatus{kStatusFields};

inline constexpr Field kSpanFields[] = {{1, "traceId", Kind::kId},
                                        {2, "spanId", Kind::kId},
                                        {3, "traceState", Kind::kString},
                                        {4, "parentSpanId", Kind::kId},
                                        {16, "flags", Kind::kFlags},
                                        {5, "name", Kind::kString},
                                        {6, "kind", Kind::kInt32},
                                        {7, "startTimeUnixNano", Kind::kTime},
                                        {8, "endTimeUnixNano", Kind::kTime},
                                        {9, "attributes", Kind::kMessages, &kKeyValue},
                                        {10, "droppedAttributesCount", Kind::kUint32},
                                        {11, "events", Kind::kMessages, &kEvent},
                                        {12, "droppedEventsCount", Kind::kUint32},
                                        {13, "links", Kind::kMessages, &kLink},
                                        {14, "droppedLinksCount", Kind::kUint32},
                                        {15, "status", Kind::kMessage, &kStatus}};
inline constexpr Message kSpan{kSpanFields};
static_assert(std::size(kSpanFields) <= kFieldsMax);

inline constexpr Field kScopeSpansFields[] = {
    {1, "scope", Kind::kMessage, &kScope}, {2, "spans", Kind::kMessages, &kSpan}, {3, "schemaUrl", Kind::kString}};
inline constexpr Message kScopeSpans{kScopeSpansFields};

inline constexpr Field kResourceSpansFields[] = {{1, "resource", Kind::kMessage, &kResource},
                                                 {2, "scopeSpans", Kind::kMessages, &kScopeSpans},
                                                 {3, "schemaUrl", Kind::kString}};
inline constexpr Message kResourceSpans{kResourceSpansFields};

inline constexpr Field kRequestFields[] = {{1, "resourceSpans", Kind::kMessages, &kResourceSpans}};
inline constexpr Message kRequest{kRequestFields};

}  // namespace tailrace::otlp_json

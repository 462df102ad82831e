// Attribute values read from their wire bytes into the arena: whole maps and lists, made only where a condition asks
// for one as a whole.
//
// Text points into the wire bytes. False where the arena is full or the nesting too deep; the error is noted.
#pragma once

#include <cstdint>
#include <string_view>

#include "processors/ottl/expression.h"

namespace tailrace::ottl {

// Where a path's attributes are.
enum class Source : uint8_t { kSpan, kResource, kScope, kEvent };

// `any_value`: an AnyValue message; null data is nil.
bool FromWire(std::string_view any_value, Evaluation* evaluation, Value* result);
// All attributes.
bool AttributesFromWire(Source source, Evaluation* evaluation, Value* result);
// The first attribute with `key` as an AnyValue message; null data where it is missing. For keys not known at start.
std::string_view FindAttribute(Source source, std::string_view key, SpanView* span);

// Of the fields beside the attributes, which nothing keeps: read at each call.
std::string_view ScopeName(SpanView* span);
std::string_view ScopeVersion(SpanView* span);
std::string_view SchemaUrl(Source source, SpanView* span);
uint32_t DroppedAttributes(Source source, SpanView* span);

}  // namespace tailrace::ottl

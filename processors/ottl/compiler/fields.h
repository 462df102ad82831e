// Fields: everything a path can name that is not an attribute, and how its value is read from the span.
//
// Pure but for the evaluation's arena.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "processors/ottl/condition.h"
#include "processors/ottl/expression.h"

namespace tailrace::ottl {

enum class Field : uint8_t {
  kNone,
  // text
  kName,
  kTraceState,
  kStatusMessage,
  kTraceIdText,
  kSpanIdText,
  kParentSpanIdText,
  kKindText,
  kDeprecatedKindText,
  kScopeName,
  kScopeVersion,
  kResourceSchemaUrl,
  kScopeSchemaUrl,
  kEventName,
  // ints
  kKind,
  kStatusCode,
  kFlags,
  kStartTimeNs,
  kEndTimeNs,
  kDroppedAttributes,
  kDroppedEvents,
  kDroppedLinks,
  kResourceDroppedAttributes,
  kScopeDroppedAttributes,
  kEventTimeNs,
  kEventDroppedAttributes,
  // all else
  kTraceId,
  kSpanId,
  kParentSpanId,
  kStartTime,
  kEndTime,
  kEventTime,
  kEventIndex,
  kEvents,
  kLinks,
  kStatus,
  kNil,
  kEmptyMap,
};

// False with an error where the field cannot be read.
bool ReadField(Field field, Evaluation* evaluation, Value* result);

// Whether a field is read without the arena, so that a program may compare it in place.
inline bool IsTextField(Field field) { return field >= Field::kName && field <= Field::kStatusMessage; }
inline bool IsIntField(Field field) { return field >= Field::kKind && field <= Field::kDroppedLinks; }
// Of those.
std::string_view ReadTextField(Field field, SpanView* span);
int64_t ReadIntField(Field field, SpanView* span);

// The paths of one context (`span`, `spanevent`, `resource`, `scope`) by name: `kind.string`. kNone where there is
// none.
Field FindField(std::string_view context, std::string_view path);
// The first names of all paths of a context, `attributes` included; for suggestions.
std::vector<std::string> FieldNames(std::string_view context);

}  // namespace tailrace::ottl

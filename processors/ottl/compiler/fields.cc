#include "processors/ottl/compiler/fields.h"

#include <array>

#include "processors/ottl/compiler/from_wire.h"

namespace tailrace::ottl {
namespace {

constexpr int64_t kNsPerSecond = 1'000'000'000;
constexpr std::string_view kNoId("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);

bool FailMemory(Evaluation* evaluation) { return evaluation->Fail("the condition needs too much memory"); }

// An id that is not set is one of zeros.
std::string_view IdOf(std::string_view id, size_t size) { return id.size() == size ? id : kNoId.substr(0, size); }

bool HexText(std::string_view id, Evaluation* evaluation, Value* result) {
  static constexpr char kDigits[] = "0123456789abcdef";
  char* text = evaluation->arena.Allocate(id.size() * 2);
  if (text == nullptr) return FailMemory(evaluation);
  for (size_t i = 0; i < id.size(); ++i) {
    text[2 * i] = kDigits[static_cast<uint8_t>(id[i]) >> 4];
    text[2 * i + 1] = kDigits[static_cast<uint8_t>(id[i]) & 15];
  }
  *result = Value::String({text, id.size() * 2});
  return true;
}

// The Collector takes times for signed.
bool MakeTime(uint64_t unix_ns, Evaluation* evaluation, Value* result) {
  Time* time = evaluation->arena.New<Time>();
  if (time == nullptr) return FailMemory(evaluation);
  const auto ns = static_cast<int64_t>(unix_ns);
  time->unix_s = ns / kNsPerSecond - (ns % kNsPerSecond < 0 ? 1 : 0);
  time->ns = static_cast<int32_t>((ns % kNsPerSecond + kNsPerSecond) % kNsPerSecond);
  *result = Value::OfTime(time);
  return true;
}

bool MakeMessages(ListType type, uint32_t count, Evaluation* evaluation, Value* result) {
  List* list = evaluation->arena.New<List>();
  Value* items = evaluation->arena.New<Value>(count);
  if (list == nullptr || (items == nullptr && count > 0)) return FailMemory(evaluation);
  *list = {items, count, type};
  *result = Value::OfList(list);
  return true;
}

std::string_view KindText(int32_t kind, bool deprecated) {
  static constexpr std::array<std::string_view, 6> kNames = {"Unspecified", "Internal", "Server",
                                                             "Client",      "Producer", "Consumer"};
  static constexpr std::array<std::string_view, 6> kDeprecated = {"SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL",
                                                                  "SPAN_KIND_SERVER",      "SPAN_KIND_CLIENT",
                                                                  "SPAN_KIND_PRODUCER",    "SPAN_KIND_CONSUMER"};
  if (kind < 0 || kind > 5) return std::string_view("", 0);
  return (deprecated ? kDeprecated : kNames)[static_cast<size_t>(kind)];
}

// Fields of which there is one question in a thousand conditions.
bool ReadRareField(Field field, Evaluation* evaluation, Value* result) {
  SpanView* span = evaluation->span;
  switch (field) {
    case Field::kTraceId:
      *result = Value::Text(Kind::kTraceId, IdOf(span->fields().trace_id, 16));
      return true;
    case Field::kSpanId:
      *result = Value::Text(Kind::kSpanId, IdOf(span->fields().span_id, 8));
      return true;
    case Field::kParentSpanId:
      *result = Value::Text(Kind::kSpanId, IdOf(span->fields().parent_span_id, 8));
      return true;
    case Field::kTraceIdText:
      return HexText(IdOf(span->fields().trace_id, 16), evaluation, result);
    case Field::kSpanIdText:
      return HexText(IdOf(span->fields().span_id, 8), evaluation, result);
    case Field::kParentSpanIdText:
      return HexText(IdOf(span->fields().parent_span_id, 8), evaluation, result);
    case Field::kStartTime:
      return MakeTime(span->fields().start_ns, evaluation, result);
    case Field::kEndTime:
      return MakeTime(span->fields().end_ns, evaluation, result);
    case Field::kEventTime:
      return MakeTime(span->event().time_ns, evaluation, result);
    case Field::kEventIndex:
      // The Collector's tail sampling does not number the events that it shows to a condition.
      return evaluation->Fail("no 'event_index' property has been set");
    case Field::kEvents:
      return MakeMessages(ListType::kEvents, span->fields().event_count, evaluation, result);
    case Field::kLinks:
      return MakeMessages(ListType::kLinks, span->fields().link_count, evaluation, result);
    case Field::kStatus:
      result->kind = Kind::kStatus;
      result->integer = 0;
      return true;
    case Field::kEmptyMap: {
      static constexpr Map kEmpty = {nullptr, 0, true};
      *result = Value::OfMap(&kEmpty);
      return true;
    }
    default:
      *result = Value::Nil();
      return true;
  }
}

}  // namespace

std::string_view ReadTextField(Field field, SpanView* span) {
  if (field == Field::kName) return span->fields().name;
  return field == Field::kTraceState ? span->fields().trace_state : span->fields().status_message;
}

int64_t ReadIntField(Field field, SpanView* span) {
  const SpanFields& fields = span->fields();
  switch (field) {
    case Field::kKind:
      return fields.kind;
    case Field::kStatusCode:
      return fields.status_code;
    case Field::kFlags:
      return fields.flags;
    case Field::kStartTimeNs:
      return static_cast<int64_t>(fields.start_ns);
    case Field::kEndTimeNs:
      return static_cast<int64_t>(fields.end_ns);
    case Field::kDroppedAttributes:
      return fields.dropped_attributes;
    case Field::kDroppedEvents:
      return fields.dropped_events;
    default:
      return fields.dropped_links;
  }
}

bool ReadField(Field field, Evaluation* evaluation, Value* result) {
  SpanView* span = evaluation->span;
  if (IsTextField(field)) {
    *result = Value::String(ReadTextField(field, span));
    return true;
  }
  if (IsIntField(field)) {
    *result = Value::Int(ReadIntField(field, span));
    return true;
  }
  switch (field) {
    case Field::kKindText:
    case Field::kDeprecatedKindText:
      *result = Value::String(KindText(span->fields().kind, field == Field::kDeprecatedKindText));
      return true;
    case Field::kScopeName:
      *result = Value::String(ScopeName(span));
      return true;
    case Field::kScopeVersion:
      *result = Value::String(ScopeVersion(span));
      return true;
    case Field::kResourceSchemaUrl:
      *result = Value::String(SchemaUrl(Source::kResource, span));
      return true;
    case Field::kScopeSchemaUrl:
      *result = Value::String(SchemaUrl(Source::kScope, span));
      return true;
    case Field::kEventName:
      *result = Value::String(span->event().name);
      return true;
    case Field::kResourceDroppedAttributes:
      *result = Value::Int(DroppedAttributes(Source::kResource, span));
      return true;
    case Field::kScopeDroppedAttributes:
      *result = Value::Int(DroppedAttributes(Source::kScope, span));
      return true;
    case Field::kEventTimeNs:
      *result = Value::Int(static_cast<int64_t>(span->event().time_ns));
      return true;
    case Field::kEventDroppedAttributes:
      *result = Value::Int(span->event().dropped_attributes);
      return true;
    default:
      return ReadRareField(field, evaluation, result);
  }
}

}  // namespace tailrace::ottl

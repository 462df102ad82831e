#include "processors/ottl/compiler/from_wire.h"

#include "proto/any_value.h"
#include "proto/wire_reader.h"

namespace tailrace::ottl {
namespace {

constexpr int kDepthMax = 200;

bool FailMemory(Evaluation* evaluation) { return evaluation->Fail("the condition needs too much memory"); }

// Calls `each` with every length-delimited `field`, until it returns false.
template <typename Each>
void ForEachBytes(std::string_view message, uint32_t field, Each each) {
  WireReader reader(message);
  while (reader.Next()) {
    if (reader.tag() != WireTag(field, kLengthDelimited)) {
      reader.Skip();
    } else if (!each(reader.Bytes())) {
      return;
    }
  }
}

// Every KeyValue message of the source, in order.
template <typename Each>
void ForEachAttribute(Source source, SpanView* span, Each each) {
  switch (source) {
    case Source::kSpan:
      ForEachBytes(span->stored().span, 9, each);
      return;
    case Source::kEvent:
      ForEachBytes(span->event_bytes(), 3, each);
      return;
    case Source::kResource:
    case Source::kScope: {
      const bool resource = source == Source::kResource;
      bool more = true;
      ForEachBytes(resource ? span->stored().resource : span->stored().scope, 1, [&](std::string_view message) {
        ForEachBytes(message, resource ? 1 : 3, [&](std::string_view pair) { return more = each(pair); });
        return more;
      });
      return;
    }
  }
}

bool AnyFromWire(std::string_view message, int depth, Evaluation* evaluation, Value* result);

// `walk(each)` calls `each` with every KeyValue message; twice: to count, then to fill.
template <typename Walk>
bool MapFromPairs(Walk walk, int depth, Evaluation* evaluation, Value* result) {
  uint32_t count = 0;
  walk([&count](std::string_view) { return ++count, true; });
  Map* map = evaluation->arena.New<Map>();
  MapEntry* entries = evaluation->arena.New<MapEntry>(count);
  if (map == nullptr || (entries == nullptr && count > 0)) return FailMemory(evaluation);
  uint32_t filled = 0;
  bool ok = true;
  walk([&](std::string_view pair) {
    const KeyValue key_value = ReadKeyValue(pair);
    entries[filled].key = key_value.key;
    return ok = AnyFromWire(key_value.value, depth + 1, evaluation, &entries[filled++].value);
  });
  *map = {entries, count, true};
  *result = Value::OfMap(map);
  return ok;
}

bool ListFromWire(std::string_view message, int depth, Evaluation* evaluation, Value* result) {
  uint32_t count = 0;
  ForEachBytes(message, 1, [&count](std::string_view) { return ++count, true; });
  List* list = evaluation->arena.New<List>();
  Value* items = evaluation->arena.New<Value>(count);
  if (list == nullptr || (items == nullptr && count > 0)) return FailMemory(evaluation);
  uint32_t filled = 0;
  bool ok = true;
  ForEachBytes(message, 1,
               [&](std::string_view item) { return ok = AnyFromWire(item, depth + 1, evaluation, &items[filled++]); });
  *list = {items, count, ListType::kPdata};
  *result = Value::OfList(list);
  return ok;
}

bool AnyFromWire(std::string_view message, int depth, Evaluation* evaluation, Value* result) {
  if (depth > kDepthMax) return evaluation->Fail("an attribute is nested too deep");
  const AnyValue value = ReadAnyValue(message);
  switch (value.kind) {
    case AnyKind::kEmpty:
      *result = Value::Nil();
      return true;
    case AnyKind::kString:
      *result = Value::String(value.bytes);
      return true;
    case AnyKind::kBool:
      *result = Value::Bool(value.boolean);
      return true;
    case AnyKind::kInt:
      *result = Value::Int(value.integer);
      return true;
    case AnyKind::kDouble:
      *result = Value::Double(value.number);
      return true;
    case AnyKind::kBytes:
      *result = Value::Bytes(value.bytes);
      return true;
    case AnyKind::kArray:
      return ListFromWire(value.bytes, depth, evaluation, result);
    case AnyKind::kMap:
      return MapFromPairs([&value](auto each) { ForEachBytes(value.bytes, 1, each); }, depth, evaluation, result);
  }
  return true;
}

// The last `field` of the message in field 1 of `header`.
std::string_view FieldOfFirst(std::string_view header, uint32_t field) {
  std::string_view found("", 0);
  ForEachBytes(header, 1, [&](std::string_view message) {
    ForEachBytes(message, field, [&](std::string_view text) {
      found = text;
      return true;
    });
    return true;
  });
  return found;
}

}  // namespace

bool FromWire(std::string_view any_value, Evaluation* evaluation, Value* result) {
  return AnyFromWire(any_value, 0, evaluation, result);
}

bool AttributesFromWire(Source source, Evaluation* evaluation, Value* result) {
  return MapFromPairs([&](auto each) { ForEachAttribute(source, evaluation->span, each); }, 0, evaluation, result);
}

std::string_view FindAttribute(Source source, std::string_view key, SpanView* span) {
  std::string_view found;
  ForEachAttribute(source, span, [&](std::string_view pair) {
    const KeyValue key_value = ReadKeyValue(pair);
    if (key_value.key != key) return true;
    found = key_value.value;
    return false;
  });
  return found;
}

std::string_view ScopeName(SpanView* span) { return FieldOfFirst(span->stored().scope, 1); }
std::string_view ScopeVersion(SpanView* span) { return FieldOfFirst(span->stored().scope, 2); }

std::string_view SchemaUrl(Source source, SpanView* span) {
  std::string_view found("", 0);
  const StoredSpan& stored = span->stored();
  ForEachBytes(source == Source::kResource ? stored.resource : stored.scope, 3, [&found](std::string_view url) {
    found = url;
    return true;
  });
  return found;
}

uint32_t DroppedAttributes(Source source, SpanView* span) {
  if (source == Source::kSpan) return span->fields().dropped_attributes;
  if (source == Source::kEvent) return span->event().dropped_attributes;
  const bool resource = source == Source::kResource;
  uint32_t count = 0;
  ForEachBytes(resource ? span->stored().resource : span->stored().scope, 1, [&](std::string_view message) {
    WireReader reader(message);
    while (reader.Next()) {
      if (reader.tag() == WireTag(resource ? 2 : 4, kVarint)) {
        count = static_cast<uint32_t>(reader.Varint());
      } else {
        reader.Skip();
      }
    }
    return true;
  });
  return count;
}

}  // namespace tailrace::ottl

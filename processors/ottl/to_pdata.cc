#include "processors/ottl/to_pdata.h"

#include <string>

#include "processors/ottl/names.h"

namespace tailrace::ottl {
namespace {

bool FailMemory(Evaluation* evaluation) { return evaluation->Fail("the condition needs too much memory"); }

bool FailType(const Value& value, Evaluation* evaluation) {
  return evaluation->Fail("a map cannot hold a " + std::string(TypeName(value)));
}

bool ListToPdata(const List& from, PdataLevel level, Evaluation* evaluation, Value* result) {
  List* list = evaluation->arena.New<List>();
  Value* items = evaluation->arena.New<Value>(from.size);
  if (list == nullptr || (items == nullptr && from.size > 0)) return FailMemory(evaluation);
  const PdataLevel within = level == PdataLevel::kOfLiteralMap ? PdataLevel::kInList : PdataLevel::kInside;
  for (uint32_t i = 0; i < from.size; ++i) {
    if (!ToPdata(from.items[i], within, evaluation, &items[i])) return false;
  }
  *list = {items, from.size, ListType::kPdata};
  *result = Value::OfList(list);
  return true;
}

bool MapToPdata(const Map& from, Evaluation* evaluation, Value* result) {
  Map* map = evaluation->arena.New<Map>();
  MapEntry* entries = evaluation->arena.New<MapEntry>(from.size);
  if (map == nullptr || (entries == nullptr && from.size > 0)) return FailMemory(evaluation);
  for (uint32_t i = 0; i < from.size; ++i) {
    entries[i].key = from.entries[i].key;
    if (!ToPdata(from.entries[i].value, PdataLevel::kInside, evaluation, &entries[i].value)) return false;
  }
  *map = {entries, from.size, true};
  *result = Value::OfMap(map);
  return true;
}

}  // namespace

bool ToPdata(const Value& value, PdataLevel level, Evaluation* evaluation, Value* result) {
  switch (value.kind) {
    case Kind::kNil:
    case Kind::kBool:
    case Kind::kInt:
    case Kind::kDouble:
    case Kind::kString:
    case Kind::kBytes:
      *result = value;
      return true;
    case Kind::kGoInt:
      *result = Value::Int(value.integer);
      return true;
    case Kind::kMap:
      if (!value.map->pdata) return MapToPdata(*value.map, evaluation, result);
      if (level == PdataLevel::kInside) return FailType(value, evaluation);
      *result = value;
      return true;
    case Kind::kList:
      if (value.list->type != ListType::kAny) return FailType(value, evaluation);
      return ListToPdata(*value.list, level, evaluation, result);
    default:
      return FailType(value, evaluation);
  }
}

bool ToRaw(const Value& value, Evaluation* evaluation, Value* result) {
  if (value.is(Kind::kMap) && value.map->pdata) {
    Map* map = evaluation->arena.New<Map>();
    MapEntry* entries = evaluation->arena.New<MapEntry>(value.map->size);
    if (map == nullptr || (entries == nullptr && value.map->size > 0)) return FailMemory(evaluation);
    for (uint32_t i = 0; i < value.map->size; ++i) {
      entries[i].key = value.map->entries[i].key;
      if (!ToRaw(value.map->entries[i].value, evaluation, &entries[i].value)) return false;
    }
    *map = {entries, value.map->size, false};
    *result = Value::OfMap(map);
    return true;
  }
  if (value.is(Kind::kList) && value.list->type == ListType::kPdata) {
    List* list = evaluation->arena.New<List>();
    Value* items = evaluation->arena.New<Value>(value.list->size);
    if (list == nullptr || (items == nullptr && value.list->size > 0)) return FailMemory(evaluation);
    for (uint32_t i = 0; i < value.list->size; ++i) {
      if (!ToRaw(value.list->items[i], evaluation, &items[i])) return false;
    }
    *list = {items, value.list->size, ListType::kAny};
    *result = Value::OfList(list);
    return true;
  }
  *result = value;
  return true;
}

}  // namespace tailrace::ottl

#include "processors/ottl/deep_equal.h"

namespace tailrace::ottl {
namespace {

bool SameTime(const Time& left, const Time& right) {
  return left.unix_s == right.unix_s && left.ns == right.ns && left.offset_s == right.offset_s;
}

// Of two values of one kind that hold no others.
bool ScalarEqual(const Value& left, const Value& right) {
  switch (left.kind) {
    case Kind::kNil:
      return true;
    case Kind::kBool:
      return left.boolean == right.boolean;
    case Kind::kDouble:
      return left.number == right.number;
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kTraceId:
    case Kind::kSpanId:
      return left.view() == right.view();
    case Kind::kTime:
      return SameTime(*left.time, *right.time);
    default:
      return left.integer == right.integer;
  }
}

const Value* FindLast(const Map& map, std::string_view key) {
  for (uint32_t i = map.size; i > 0; --i) {
    if (map.entries[i - 1].key == key) return &map.entries[i - 1].value;
  }
  return nullptr;
}

// Every key of `left` has an equal value in `right`. Where a key comes twice, a Go map holds the last.
bool GoMapWithin(const Map& left, bool left_raw, const Map& right, bool right_raw) {
  for (uint32_t i = 0; i < left.size; ++i) {
    const std::string_view key = left.entries[i].key;
    const Value* other = FindLast(right, key);
    if (other == nullptr || !GoEqual(*FindLast(left, key), left_raw, *other, right_raw)) return false;
  }
  return true;
}

bool SameKeys(const Map& left, const Map& right) {
  for (uint32_t i = 0; i < right.size; ++i) {
    if (left.Find(right.entries[i].key) == nullptr) return false;
  }
  return true;
}

}  // namespace

bool PdataEqual(const Value& left, const Value& right) {
  if (left.kind != right.kind) return false;
  if (left.is(Kind::kList)) {
    if (left.list->size != right.list->size) return false;
    for (uint32_t i = 0; i < left.list->size; ++i) {
      if (!PdataEqual(left.list->items[i], right.list->items[i])) return false;
    }
    return true;
  }
  if (!left.is(Kind::kMap)) return ScalarEqual(left, right);
  if (left.map->size != right.map->size) return false;
  for (uint32_t i = 0; i < left.map->size; ++i) {
    const MapEntry& entry = left.map->entries[i];
    const Value* other = right.map->Find(entry.key);
    if (other == nullptr || !PdataEqual(entry.value, *other)) return false;
  }
  return true;
}

bool GoEqual(const Value& left, bool left_raw, const Value& right, bool right_raw) {
  if (left.kind != right.kind) return false;
  if (left.is(Kind::kList)) {
    const auto type = [](const List& list, bool raw) {
      return raw && list.type == ListType::kPdata ? ListType::kAny : list.type;
    };
    if (type(*left.list, left_raw) != type(*right.list, right_raw) || left.list->size != right.list->size) return false;
    for (uint32_t i = 0; i < left.list->size; ++i) {
      if (!GoEqual(left.list->items[i], left_raw, right.list->items[i], right_raw)) return false;
    }
    return true;
  }
  if (!left.is(Kind::kMap)) return ScalarEqual(left, right);
  if ((left.map->pdata && !left_raw) != (right.map->pdata && !right_raw)) return false;
  return SameKeys(*left.map, *right.map) && GoMapWithin(*left.map, left_raw, *right.map, right_raw);
}

}  // namespace tailrace::ottl

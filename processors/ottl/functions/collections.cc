// Lists and maps: their size, parts and contents.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "processors/ottl/compare.h"
#include "processors/ottl/functions/key_index.h"
#include "processors/ottl/functions/make.h"
#include "processors/ottl/functions/table.h"
#include "processors/ottl/json_text.h"
#include "processors/ottl/to_pdata.h"

namespace tailrace::ottl {
namespace {

Made MakeLen(Arguments arguments) {
  return Call([target = std::move(arguments[0].expression)](Evaluation* evaluation, Value* result) {
    Value value;
    if (!target->Evaluate(evaluation, &value)) return false;
    switch (value.kind) {
      case Kind::kString:
      case Kind::kBytes:
        return SetValue(Value::Int(value.size), result);
      case Kind::kList:
        return SetValue(Value::Int(value.list->size), result);
      case Kind::kMap:
        return SetValue(Value::Int(value.map->size), result);
      default:
        return evaluation->Fail("Len takes text, bytes, a list or a map");
    }
  });
}

Made MakeKeys(Arguments arguments) {
  return Call([target = std::move(arguments[0].expression)](Evaluation* evaluation, Value* result) {
    const Map* map = nullptr;
    if (!GetMap(*target, evaluation, &map)) return false;
    Value* items = NewItems(map->size, ListType::kPdata, evaluation, result);
    for (uint32_t i = 0; items != nullptr && i < map->size; ++i) items[i] = Value::String(map->entries[i].key);
    return items != nullptr;
  });
}

Made MakeValues(Arguments arguments) {
  return Call([target = std::move(arguments[0].expression)](Evaluation* evaluation, Value* result) {
    const Map* map = nullptr;
    if (!GetMap(*target, evaluation, &map)) return false;
    Value* items = NewItems(map->size, ListType::kPdata, evaluation, result);
    for (uint32_t i = 0; items != nullptr && i < map->size; ++i) items[i] = map->entries[i].value;
    return items != nullptr;
  });
}

// The first item that equals `wanted`; -1: none. False after Fail().
bool FindItem(const List& list, const Value& wanted, Evaluation* evaluation, int64_t* found) {
  for (uint32_t i = 0; i < list.size; ++i) {
    Value item;
    if (!ToRaw(list.items[i], evaluation, &item)) return false;
    if (Compare(item, wanted, Comparison::kEqual)) {
      *found = i;
      return true;
    }
  }
  *found = -1;
  return true;
}

Made MakeContainsValue(Arguments arguments) {
  return Call([target = std::move(arguments[0].expression), item = std::move(arguments[1].expression)](
                  Evaluation* evaluation, Value* result) {
    const List* list = nullptr;
    Value wanted;
    int64_t found = -1;
    if (!GetList(*target, evaluation, &list) || !item->Evaluate(evaluation, &wanted)) return false;
    if (!FindItem(*list, wanted, evaluation, &found)) return false;
    return SetValue(Value::Bool(found >= 0), result);
  });
}

Made MakeIndex(Arguments arguments) {
  return Call([target = std::move(arguments[0].expression), value = std::move(arguments[1].expression)](
                  Evaluation* evaluation, Value* result) {
    Value in;
    Value wanted;
    if (!target->Evaluate(evaluation, &in) || !value->Evaluate(evaluation, &wanted)) return false;
    if (in.is(Kind::kString)) {
      if (!wanted.is(Kind::kString)) return evaluation->Fail("Index: of text, the value must be text too");
      const size_t at = in.view().find(wanted.view());
      return SetValue(Value::Int(at == std::string_view::npos ? -1 : static_cast<int64_t>(at)), result);
    }
    const List* list = nullptr;
    int64_t found = -1;
    if (!GetList(HeldValue(in), evaluation, &list) || !FindItem(*list, wanted, evaluation, &found)) return false;
    return SetValue(Value::Int(found), result);
  });
}

// The value at the end of `path` through maps; null after Fail().
const Value* Follow(const Map& map, const std::vector<std::string>& path, Evaluation* evaluation) {
  const Map* at = &map;
  const Value* found = nullptr;
  for (size_t i = 0; i < path.size(); ++i) {
    found = at->Find(path[i]);
    if (found == nullptr || (i + 1 < path.size() && !found->is(Kind::kMap))) {
      evaluation->Fail("SliceToMap: an item does not contain the path");
      return nullptr;
    }
    if (found->is(Kind::kMap)) at = found->map;
  }
  if (found == nullptr) evaluation->Fail("SliceToMap: a path must have at least one part");
  return found;
}

struct MapPaths {
  std::optional<std::vector<std::string>> key;
  std::optional<std::vector<std::string>> value;
};

bool SliceToMap(const List& list, const MapPaths& paths, Evaluation* evaluation, Value* result) {
  MapEntry* entries = NewEntries(list.size, true, evaluation, result);
  if (entries == nullptr) return false;
  uint32_t size = 0;
  KeyIndex places;
  for (uint32_t i = 0; i < list.size; ++i) {
    const Value& item = list.items[i];
    const bool needs_map = paths.key.has_value() || paths.value.has_value();
    if (needs_map && !item.is(Kind::kMap)) return evaluation->Fail("SliceToMap: the items must be maps");
    std::string_view key;
    if (paths.key.has_value()) {
      const Value* found = Follow(*item.map, *paths.key, evaluation);
      if (found == nullptr) return false;
      if (!found->is(Kind::kString)) return evaluation->Fail("SliceToMap: a key is no text");
      key = found->view();
    } else {
      key = evaluation->arena.Copy(std::to_string(i));
      if (key.data() == nullptr) return FailMemory(evaluation);
    }
    const Value* value = paths.value.has_value() ? Follow(*item.map, *paths.value, evaluation) : &item;
    if (value == nullptr) return false;
    // A key that comes again takes the later value.
    const uint32_t at = places.Place(key, size);
    entries[at] = {key, *value};
    size += at == size ? 1 : 0;
  }
  const_cast<Map*>(result->map)->size = size;
  return true;
}

std::optional<std::vector<std::string>> PathOf(const Argument& argument) {
  if (!argument.given()) return {};
  std::vector<std::string> path;
  for (const ExpressionPtr& part : argument.items) path.emplace_back(part->constant()->view());
  return path;
}

Made MakeSliceToMap(Arguments arguments) {
  return Call([target = std::move(arguments[0].expression),
               paths = MapPaths{PathOf(arguments[1]), PathOf(arguments[2])}](Evaluation* evaluation, Value* result) {
    const List* list = nullptr;
    return GetList(*target, evaluation, &list) && SliceToMap(*list, paths, evaluation, result);
  });
}

// What the items of a list are sorted as.
enum class SortAs : uint8_t { kNothing, kInts, kDoubles, kTexts };

// By the first item's kind; ints among doubles are doubles; one text, bool or nil makes all of them texts; with bytes,
// maps or lists among them nothing is sorted.
SortAs SortAsOf(const List& list) {
  SortAs wanted = list.items[0].is(Kind::kDouble) ? SortAs::kDoubles : SortAs::kInts;
  bool texts = false;
  for (uint32_t i = 0; i < list.size; ++i) {
    switch (list.items[i].kind) {
      case Kind::kInt:
        break;
      case Kind::kDouble:
        wanted = SortAs::kDoubles;
        break;
      case Kind::kString:
      case Kind::kBool:
      case Kind::kNil:
        texts = true;
        break;
      default:
        return SortAs::kNothing;
    }
  }
  return texts ? SortAs::kTexts : wanted;
}

bool LessDouble(double left, double right) { return std::isnan(left) ? !std::isnan(right) : left < right; }

template <typename Key, typename Less>
void SortByKey(Value* items, uint32_t size, bool descending, Key key, Less less) {
  std::vector<std::pair<decltype(key(*items)), Value>> keyed;
  keyed.reserve(size);
  for (uint32_t i = 0; i < size; ++i) keyed.emplace_back(key(items[i]), items[i]);
  std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& left, const auto& right) {
    return descending ? less(right.first, left.first) : less(left.first, right.first);
  });
  for (uint32_t i = 0; i < size; ++i) items[i] = keyed[i].second;
}

void SortItems(Value* items, uint32_t size, SortAs as, bool descending) {
  switch (as) {
    case SortAs::kInts:
      return SortByKey(
          items, size, descending, [](const Value& item) { return item.integer; }, std::less<int64_t>());
    case SortAs::kDoubles:
      return SortByKey(
          items, size, descending,
          [](const Value& item) { return item.is(Kind::kInt) ? static_cast<double>(item.integer) : item.number; },
          LessDouble);
    case SortAs::kTexts:
      return SortByKey(
          items, size, descending, [](const Value& item) { return AsString(item); }, std::less<std::string>());
    case SortAs::kNothing:
      return;
  }
}

bool Sort(Value target, bool descending, Evaluation* evaluation, Value* result) {
  if (!target.is(Kind::kList)) return evaluation->Fail("Sort: the target is not a list");
  ListType type = target.list->type;
  if (type == ListType::kAny && !ToPdata(target, PdataLevel::kInside, evaluation, &target)) return false;
  if (type == ListType::kMaps || type == ListType::kEvents || type == ListType::kLinks) {
    return evaluation->Fail("Sort: lists of this type cannot be sorted");
  }
  const List& list = *target.list;
  if (type == ListType::kPdata) type = ListType::kAny;
  const SortAs as = list.size == 0 ? SortAs::kNothing : SortAsOf(list);
  if (as == SortAs::kNothing) return SetValue(target, result);
  Value* items = NewItems(list.size, type, evaluation, result);
  if (items == nullptr) return false;
  for (uint32_t i = 0; i < list.size; ++i) {
    if (!ToRaw(list.items[i], evaluation, &items[i])) return false;
  }
  SortItems(items, list.size, as, descending);
  return true;
}

Made MakeSort(Arguments arguments) {
  const std::string_view order = arguments[1].given() ? arguments[1].expression->constant()->view() : "asc";
  if (order != "asc" && order != "desc") return absl::InvalidArgumentError("the order must be \"asc\" or \"desc\"");
  return Call([target = std::move(arguments[0].expression), descending = order == "desc"](Evaluation* evaluation,
                                                                                          Value* result) {
    Value value;
    return target->Evaluate(evaluation, &value) && Sort(value, descending, evaluation, result);
  });
}

}  // namespace

void AddCollectionFunctions(std::vector<Function>* all) {
  const Parameter map = {"target", ParameterType::kMap};
  const Parameter list = {"target", ParameterType::kList};
  all->push_back({"Len", {{"target"}}, MakeLen});
  all->push_back({"Keys", {map}, MakeKeys});
  all->push_back({"Values", {map}, MakeValues});
  all->push_back({"ContainsValue", {list, {"item"}}, MakeContainsValue});
  all->push_back({"Index", {{"target"}, {"value"}}, MakeIndex});
  all->push_back({"SliceToMap",
                  {list,
                   {"key_path", ParameterType::kLiteralString, true, true},
                   {"value_path", ParameterType::kLiteralString, true, true}},
                  MakeSliceToMap});
  all->push_back({"Sort", {{"target"}, {"order", ParameterType::kLiteralString, true}}, MakeSort});
}

}  // namespace tailrace::ottl

#include "processors/ottl/compiler/collections.h"

#include <algorithm>
#include <utility>

#include "processors/ottl/compiler/names.h"

namespace tailrace::ottl {
namespace {

bool FailMemory(Evaluation* evaluation) { return evaluation->Fail("the condition needs too much memory"); }

bool FailType(const Value& value, Evaluation* evaluation) {
  return evaluation->Fail("a map cannot hold a " + std::string(TypeName(value)));
}

class ListExpression : public Expression {
 public:
  explicit ListExpression(std::vector<std::unique_ptr<Expression>> items) : items_(std::move(items)) {}

  bool Evaluate(Evaluation* evaluation, Value* result) const override {
    List* list = evaluation->arena.New<List>();
    Value* items = evaluation->arena.New<Value>(items_.size());
    if (list == nullptr || (items == nullptr && !items_.empty())) return FailMemory(evaluation);
    for (size_t i = 0; i < items_.size(); ++i) {
      if (!items_[i]->Evaluate(evaluation, &items[i])) return false;
    }
    *list = {items, static_cast<uint32_t>(items_.size()), ListType::kAny};
    *result = Value::OfList(list);
    return true;
  }

 private:
  std::vector<std::unique_ptr<Expression>> items_;
};

bool ToPdata(const Value& value, int level, Evaluation* evaluation, Value* result);

bool ListToPdata(const List& from, int level, Evaluation* evaluation, Value* result) {
  List* list = evaluation->arena.New<List>();
  Value* items = evaluation->arena.New<Value>(from.size);
  if (list == nullptr || (items == nullptr && from.size > 0)) return FailMemory(evaluation);
  for (uint32_t i = 0; i < from.size; ++i) {
    if (!ToPdata(from.items[i], level + 1, evaluation, &items[i])) return false;
  }
  *list = {items, from.size, ListType::kPdata};
  *result = Value::OfList(list);
  return true;
}

bool MapToPdata(const Map& from, int level, Evaluation* evaluation, Value* result) {
  Map* map = evaluation->arena.New<Map>();
  MapEntry* entries = evaluation->arena.New<MapEntry>(from.size);
  if (map == nullptr || (entries == nullptr && from.size > 0)) return FailMemory(evaluation);
  for (uint32_t i = 0; i < from.size; ++i) {
    entries[i].key = from.entries[i].key;
    if (!ToPdata(from.entries[i].value, level + 2, evaluation, &entries[i].value)) return false;
  }
  *map = {entries, from.size, true};
  *result = Value::OfMap(map);
  return true;
}

// As an attribute's value. Level 0 is the map's own value, 1 an item of its list: only there does the Collector take a
// map that is an attribute's already. It never takes a list of that kind.
bool ToPdata(const Value& value, int level, Evaluation* evaluation, Value* result) {
  switch (value.kind) {
    case Kind::kNil:
    case Kind::kBool:
    case Kind::kInt:
    case Kind::kDouble:
    case Kind::kString:
    case Kind::kBytes:
      *result = value;
      return true;
    case Kind::kMap:
      if (!value.map->pdata) return MapToPdata(*value.map, level, evaluation, result);
      if (level > 1) return FailType(value, evaluation);
      *result = value;
      return true;
    case Kind::kList:
      if (value.list->type != ListType::kAny) return FailType(value, evaluation);
      return ListToPdata(*value.list, level, evaluation, result);
    default:
      return FailType(value, evaluation);
  }
}

class MapExpression : public Expression {
 public:
  MapExpression(std::vector<std::string> names, std::vector<std::unique_ptr<Expression>> values)
      : names_(std::move(names)), values_(std::move(values)) {}

  bool Evaluate(Evaluation* evaluation, Value* result) const override {
    Map* map = evaluation->arena.New<Map>();
    MapEntry* entries = evaluation->arena.New<MapEntry>(names_.size());
    if (map == nullptr || (entries == nullptr && !names_.empty())) return FailMemory(evaluation);
    for (size_t i = 0; i < names_.size(); ++i) {
      Value value;
      entries[i].key = names_[i];
      if (!values_[i]->Evaluate(evaluation, &value)) return false;
      if (!ToPdata(value, 0, evaluation, &entries[i].value)) return false;
    }
    *map = {entries, static_cast<uint32_t>(names_.size()), true};
    *result = Value::OfMap(map);
    return true;
  }

 private:
  std::vector<std::string> names_;
  std::vector<std::unique_ptr<Expression>> values_;
};

std::unique_ptr<Expression> Fold(std::unique_ptr<Expression> expression, std::string* error) {
  auto memory = std::make_unique<Evaluation>();
  Value value;
  if (!expression->Evaluate(memory.get(), &value)) {
    *error = memory->error;
    return nullptr;
  }

  // The texts stay with the literals that the value was made of.
  class Folded : public ConstantExpression {
   public:
    Folded(const Value& folded, std::unique_ptr<Evaluation> arena, std::unique_ptr<Expression> literals)
        : ConstantExpression(folded, std::move(arena)), literals_(std::move(literals)) {}

   private:
    std::unique_ptr<Expression> literals_;
  };
  return std::make_unique<Folded>(value, std::move(memory), std::move(expression));
}

bool AllConstant(const std::vector<std::unique_ptr<Expression>>& expressions) {
  return std::all_of(expressions.begin(), expressions.end(),
                     [](const auto& expression) { return expression->constant() != nullptr; });
}

}  // namespace

std::unique_ptr<Expression> MakeList(std::vector<std::unique_ptr<Expression>> items, std::string* error) {
  const bool constant = AllConstant(items);
  auto list = std::make_unique<ListExpression>(std::move(items));
  return constant ? Fold(std::move(list), error) : std::move(list);
}

std::unique_ptr<Expression> MakeMap(std::vector<std::string> names, std::vector<std::unique_ptr<Expression>> values,
                                    std::string* error) {
  std::vector<std::string> last_names;
  std::vector<std::unique_ptr<Expression>> last_values;
  for (size_t i = 0; i < names.size(); ++i) {
    if (std::find(names.begin() + static_cast<ptrdiff_t>(i) + 1, names.end(), names[i]) != names.end()) continue;
    last_names.push_back(names[i]);
    last_values.push_back(std::move(values[i]));
  }
  const bool constant = AllConstant(last_values);
  auto map = std::make_unique<MapExpression>(std::move(last_names), std::move(last_values));
  return constant ? Fold(std::move(map), error) : std::move(map);
}

}  // namespace tailrace::ottl

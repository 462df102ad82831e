#include "processors/ottl/compiler/collections.h"

#include <algorithm>
#include <utility>

#include "processors/ottl/to_pdata.h"

namespace tailrace::ottl {
namespace {

bool FailMemory(Evaluation* evaluation) { return evaluation->Fail("the condition needs too much memory"); }

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
      if (!ToPdata(value, PdataLevel::kOfLiteralMap, evaluation, &entries[i].value)) return false;
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

// What the functions of the table are made with: an Expression from a callable, results in the arena, an argument from
// a value that is there already.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "processors/ottl/function.h"

namespace tailrace::ottl {

using ExpressionPtr = std::unique_ptr<Expression>;
using Made = absl::StatusOr<ExpressionPtr>;

template <typename Run>
class CallExpression final : public Expression {
 public:
  explicit CallExpression(Run run) : run_(std::move(run)) {}
  bool Evaluate(Evaluation* evaluation, Value* result) const override { return run_(evaluation, result); }

 private:
  Run run_;
};

// `run`: bool(Evaluation*, Value* result), false after Evaluation::Fail. It owns the arguments that it captured.
template <typename Run>
ExpressionPtr Call(Run run) {
  return std::make_unique<CallExpression<Run>>(std::move(run));
}

// An argument that has been evaluated, for the getters.
class HeldValue final : public Expression {
 public:
  explicit HeldValue(const Value& value) : value_(value) {}
  bool Evaluate(Evaluation*, Value* result) const override {
    *result = value_;
    return true;
  }

 private:
  Value value_;
};

inline bool FailMemory(Evaluation* evaluation) { return evaluation->Fail("the condition needs too much memory"); }

// A copy of `text` as the result.
inline bool SetString(std::string_view text, Evaluation* evaluation, Value* result) {
  const std::string_view copy = evaluation->arena.Copy(text);
  if (copy.data() == nullptr) return FailMemory(evaluation);
  *result = Value::String(copy);
  return true;
}
inline bool SetValue(const Value& value, Value* result) {
  *result = value;
  return true;
}

// `size` items to be filled in; null after Fail().
inline Value* NewItems(size_t size, ListType type, Evaluation* evaluation, Value* result) {
  List* list = evaluation->arena.New<List>();
  Value* items = evaluation->arena.New<Value>(size == 0 ? 1 : size);
  if (list == nullptr || items == nullptr) {
    FailMemory(evaluation);
    return nullptr;
  }
  *list = {items, static_cast<uint32_t>(size), type};
  *result = Value::OfList(list);
  return items;
}
// `size` entries to be filled in; null after Fail().
inline MapEntry* NewEntries(size_t size, bool pdata, Evaluation* evaluation, Value* result) {
  Map* map = evaluation->arena.New<Map>();
  MapEntry* entries = evaluation->arena.New<MapEntry>(size == 0 ? 1 : size);
  if (map == nullptr || entries == nullptr) {
    FailMemory(evaluation);
    return nullptr;
  }
  *map = {entries, static_cast<uint32_t>(size), pdata};
  *result = Value::OfMap(map);
  return entries;
}

}  // namespace tailrace::ottl

// Functions that ask a lambda of each item of a list, or of each entry of a map: Any, All, Filter, Find, MapEach,
// MapKeys, Reduce.
//
// A map is walked in its own order; of the Collector's, that of a map made by Go code is random.
#include <string>

#include "processors/ottl/functions/key_index.h"
#include "processors/ottl/functions/make.h"
#include "processors/ottl/functions/table.h"
#include "processors/ottl/names.h"
#include "processors/ottl/to_pdata.h"

namespace tailrace::ottl {
namespace {

// A lambda with what it takes.
struct Lambda {
  ExpressionPtr body;
  std::vector<uint32_t> locals;

  bool Ask(std::initializer_list<Value> arguments, Evaluation* evaluation, Value* result) const {
    const uint32_t* local = locals.data();
    for (const Value& argument : arguments) evaluation->locals[*local++] = argument;
    return body->Evaluate(evaluation, result);
  }
  // A lambda that yields nil has yielded nothing, which the Collector takes for an error.
  bool AskValue(std::initializer_list<Value> arguments, Evaluation* evaluation, Value* result) const {
    if (!Ask(arguments, evaluation, result)) return false;
    return !result->is(Kind::kNil) || evaluation->Fail("the lambda must return a value, not nil");
  }
  bool AskBool(const Value& key, const Value& item, Evaluation* evaluation, bool* holds) const {
    Value answer;
    if (!Ask({key, item}, evaluation, &answer)) return false;
    if (!answer.is(Kind::kBool)) {
      return evaluation->Fail("the lambda must return a bool, not " + std::string(TypeName(answer)));
    }
    *holds = answer.boolean;
    return true;
  }
};

absl::StatusOr<Lambda> TakeLambda(Argument* argument, size_t parameters) {
  if (argument->lambda_locals.size() != parameters) {
    return absl::InvalidArgumentError("the lambda should have exactly " + std::to_string(parameters) +
                                      " parameters, but has " + std::to_string(argument->lambda_locals.size()));
  }
  return Lambda{std::move(argument->lambda), std::move(argument->lambda_locals)};
}

// A list or a map, of attributes.
bool GetCollection(const Expression& expression, Evaluation* evaluation, Value* result) {
  Value value;
  if (!expression.Evaluate(evaluation, &value)) return false;
  if (value.is(Kind::kMap)) {
    const Map* map = nullptr;
    return GetMap(HeldValue(value), evaluation, &map) && SetValue(Value::OfMap(map), result);
  }
  const List* list = nullptr;
  if (!value.is(Kind::kList)) {
    return evaluation->Fail("unsupported type provided: " + std::string(TypeName(value)));
  }
  return GetList(HeldValue(value), evaluation, &list) && SetValue(Value::OfList(list), result);
}

uint32_t SizeOf(const Value& collection) {
  return collection.is(Kind::kMap) ? collection.map->size : collection.list->size;
}
// The index or key, and the item.
Value KeyAt(const Value& collection, uint32_t at) {
  return collection.is(Kind::kMap) ? Value::String(collection.map->entries[at].key) : Value::Int(at);
}
const Value& ItemAt(const Value& collection, uint32_t at) {
  return collection.is(Kind::kMap) ? collection.map->entries[at].value : collection.list->items[at];
}

// True as soon as one item answers `stop_at`.
template <bool kStopAt>
Made MakeAnyOrAll(Arguments arguments) {
  auto lambda = TakeLambda(&arguments[1], 2);
  if (!lambda.ok()) return lambda.status();
  return Call([source = std::move(arguments[0].expression), lambda = *std::move(lambda)](Evaluation* evaluation,
                                                                                         Value* result) {
    Value collection;
    if (!GetCollection(*source, evaluation, &collection)) return false;
    for (uint32_t i = 0; i < SizeOf(collection); ++i) {
      bool holds = false;
      if (!lambda.AskBool(KeyAt(collection, i), ItemAt(collection, i), evaluation, &holds)) return false;
      if (holds == kStopAt) return SetValue(Value::Bool(kStopAt), result);
    }
    return SetValue(Value::Bool(!kStopAt), result);
  });
}

Made MakeFind(Arguments arguments) {
  auto lambda = TakeLambda(&arguments[1], 2);
  if (!lambda.ok()) return lambda.status();
  Lambda mapper;
  if (arguments[2].given()) {
    auto taken = TakeLambda(&arguments[2], 2);
    if (!taken.ok()) return taken.status();
    mapper = *std::move(taken);
  }
  return Call([source = std::move(arguments[0].expression), lambda = *std::move(lambda), mapper = std::move(mapper)](
                  Evaluation* evaluation, Value* result) {
    Value collection;
    if (!GetCollection(*source, evaluation, &collection)) return false;
    for (uint32_t i = 0; i < SizeOf(collection); ++i) {
      bool holds = false;
      const Value key = KeyAt(collection, i);
      const Value& item = ItemAt(collection, i);
      if (!lambda.AskBool(key, item, evaluation, &holds)) return false;
      if (!holds) continue;
      return mapper.body == nullptr ? SetValue(item, result) : mapper.AskValue({key, item}, evaluation, result);
    }
    return SetValue(Value::Nil(), result);
  });
}

Made MakeFilter(Arguments arguments) {
  auto lambda = TakeLambda(&arguments[1], 2);
  if (!lambda.ok()) return lambda.status();
  return Call([source = std::move(arguments[0].expression), lambda = *std::move(lambda)](Evaluation* evaluation,
                                                                                         Value* result) {
    Value collection;
    if (!GetCollection(*source, evaluation, &collection)) return false;
    const bool is_map = collection.is(Kind::kMap);
    Value* items = is_map ? nullptr : NewItems(SizeOf(collection), ListType::kPdata, evaluation, result);
    MapEntry* entries = is_map ? NewEntries(SizeOf(collection), true, evaluation, result) : nullptr;
    if (items == nullptr && entries == nullptr) return false;
    uint32_t size = 0;
    for (uint32_t i = 0; i < SizeOf(collection); ++i) {
      bool holds = false;
      if (!lambda.AskBool(KeyAt(collection, i), ItemAt(collection, i), evaluation, &holds)) return false;
      if (!holds) continue;
      if (is_map) {
        entries[size++] = collection.map->entries[i];
      } else {
        items[size++] = collection.list->items[i];
      }
    }
    if (is_map) {
      const_cast<Map*>(result->map)->size = size;
    } else {
      const_cast<List*>(result->list)->size = size;
    }
    return true;
  });
}

// What a lambda made, as an item of a list or map of attributes.
bool ToItem(const Value& made, Evaluation* evaluation, Value* item) {
  if (made.is(Kind::kList) && made.list->type != ListType::kAny) {
    const List* list = nullptr;
    return GetList(HeldValue(made), evaluation, &list) && SetValue(Value::OfList(list), item);
  }
  if (made.is(Kind::kMap) && made.map->pdata) return SetValue(made, item);
  return ToPdata(made, PdataLevel::kInside, evaluation, item);
}

Made MakeMapEach(Arguments arguments) {
  auto lambda = TakeLambda(&arguments[1], 2);
  if (!lambda.ok()) return lambda.status();
  return Call([source = std::move(arguments[0].expression), lambda = *std::move(lambda)](Evaluation* evaluation,
                                                                                         Value* result) {
    Value collection;
    if (!GetCollection(*source, evaluation, &collection)) return false;
    const bool is_map = collection.is(Kind::kMap);
    Value* items = is_map ? nullptr : NewItems(SizeOf(collection), ListType::kPdata, evaluation, result);
    MapEntry* entries = is_map ? NewEntries(SizeOf(collection), true, evaluation, result) : nullptr;
    if (items == nullptr && entries == nullptr) return false;
    for (uint32_t i = 0; i < SizeOf(collection); ++i) {
      Value made;
      if (!lambda.AskValue({KeyAt(collection, i), ItemAt(collection, i)}, evaluation, &made)) return false;
      if (is_map) entries[i].key = collection.map->entries[i].key;
      if (!ToItem(made, evaluation, is_map ? &entries[i].value : &items[i])) return false;
    }
    return true;
  });
}

Made MakeMapKeys(Arguments arguments) {
  auto lambda = TakeLambda(&arguments[1], 2);
  if (!lambda.ok()) return lambda.status();
  return Call([source = std::move(arguments[0].expression), lambda = *std::move(lambda)](Evaluation* evaluation,
                                                                                         Value* result) {
    const Map* map = nullptr;
    if (!GetMap(*source, evaluation, &map)) return false;
    MapEntry* entries = NewEntries(map->size, true, evaluation, result);
    if (entries == nullptr) return false;
    uint32_t size = 0;
    KeyIndex places;
    for (uint32_t i = 0; i < map->size; ++i) {
      Value key;
      if (!lambda.Ask({Value::String(map->entries[i].key), map->entries[i].value}, evaluation, &key)) return false;
      if (!key.is(Kind::kString)) return evaluation->Fail("MapKeys: the lambda must return text");
      // A key that comes again takes the later value.
      const uint32_t at = places.Place(key.view(), size);
      entries[at] = {key.view(), map->entries[i].value};
      size += at == size ? 1 : 0;
    }
    const_cast<Map*>(result->map)->size = size;
    return true;
  });
}

Made MakeReduce(Arguments arguments) {
  auto lambda = TakeLambda(&arguments[2], 3);
  if (!lambda.ok()) return lambda.status();
  return Call([source = std::move(arguments[0].expression), seed = std::move(arguments[1].expression),
               lambda = *std::move(lambda)](Evaluation* evaluation, Value* result) {
    Value collection;
    if (!GetCollection(*source, evaluation, &collection) || !seed->Evaluate(evaluation, result)) return false;
    for (uint32_t i = 0; i < SizeOf(collection); ++i) {
      Value made;
      if (!lambda.AskValue({*result, KeyAt(collection, i), ItemAt(collection, i)}, evaluation, &made)) return false;
      *result = made;
    }
    return true;
  });
}

}  // namespace

void AddLambdaFunctions(std::vector<Function>* all) {
  const Parameter source = {"source"};
  const Parameter predicate = {"predicate", ParameterType::kLambda};
  all->push_back({"Any", {source, predicate}, MakeAnyOrAll<true>});
  all->push_back({"All", {source, predicate}, MakeAnyOrAll<false>});
  all->push_back({"Filter", {source, predicate}, MakeFilter});
  all->push_back({"Find", {source, predicate, {"mapper", ParameterType::kLambda, true}}, MakeFind});
  all->push_back({"MapEach", {source, {"mapper", ParameterType::kLambda}}, MakeMapEach});
  all->push_back({"MapKeys", {{"source", ParameterType::kMap}, {"key_mapper", ParameterType::kLambda}}, MakeMapKeys});
  all->push_back({"Reduce", {source, {"seed"}, {"accumulator", ParameterType::kLambda}}, MakeReduce});
}

}  // namespace tailrace::ottl

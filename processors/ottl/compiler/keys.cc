#include "processors/ottl/compiler/keys.h"

#include "absl/strings/str_cat.h"
#include "processors/ottl/compiler/from_wire.h"
#include "processors/ottl/names.h"
#include "proto/any_value.h"
#include "proto/wire_reader.h"

namespace tailrace::ottl {
namespace {

absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }

bool FailBounds(int64_t index, Evaluation* evaluation) {
  return evaluation->Fail(absl::StrCat("index ", index, " out of bounds"));
}

bool IntKey(const Key& key, Evaluation* evaluation, int64_t* result) {
  *result = key.number;
  if (key.type == Key::Type::kInt) return true;
  if (key.type == Key::Type::kString) return evaluation->Fail("a list is indexed by an int");
  Value value;
  if (!key.expression->Evaluate(evaluation, &value)) return false;
  if (!value.is(Kind::kInt)) {
    return evaluation->Fail(absl::StrCat("a list is indexed by an int64, found ", ToAbsl(TypeName(value))));
  }
  *result = value.integer;
  return true;
}

// The first pair with the key in a KeyValueList; null data where there is none.
std::string_view FindInMap(std::string_view pairs, std::string_view key) {
  WireReader reader(pairs);
  while (reader.Next()) {
    if (reader.tag() != WireTag(1, kLengthDelimited)) {
      reader.Skip();
      continue;
    }
    const KeyValue pair = ReadKeyValue(reader.Bytes());
    if (pair.key == key) return pair.value;
  }
  return {};
}

// Null data where the list is shorter.
std::string_view FindInList(std::string_view items, int64_t index) {
  WireReader reader(items);
  while (index >= 0 && reader.Next()) {
    if (reader.tag() != WireTag(1, kLengthDelimited)) {
      reader.Skip();
      continue;
    }
    const std::string_view item = reader.Bytes();
    if (index-- == 0) return item.data() == nullptr ? std::string_view("", 0) : item;
  }
  return {};
}

bool IndexMap(const Value& value, std::string_view key, Evaluation* evaluation, Value* result) {
  if (!value.is(Kind::kMap)) {
    return evaluation->Fail(absl::StrCat("type ", ToAbsl(TypeName(value)), " does not support string indexing"));
  }
  const Value* found = value.map->Find(key);
  if (found == nullptr) return evaluation->Fail("key not found in map");
  *result = *found;
  return true;
}

bool IndexList(const Value& value, int64_t index, Evaluation* evaluation, Value* result) {
  if (value.is(Kind::kBytes)) {
    if (index < 0 || index >= value.size) return FailBounds(index, evaluation);
    *result = Value::Int(static_cast<uint8_t>(value.text[index]));
    return true;
  }
  if (!value.is(Kind::kList) || value.list->type >= ListType::kMaps) {
    return evaluation->Fail(absl::StrCat("type ", ToAbsl(TypeName(value)), " does not support int indexing"));
  }
  if (index < 0 || index >= value.list->size) return FailBounds(index, evaluation);
  *result = value.list->items[index];
  return true;
}

}  // namespace

bool StringKey(const Key& key, Evaluation* evaluation, std::string_view* result) {
  *result = key.text;
  if (key.type == Key::Type::kString) return true;
  if (key.type == Key::Type::kInt) return evaluation->Fail("a map is indexed by a string");
  Value value;
  if (!key.expression->Evaluate(evaluation, &value)) return false;
  if (!value.is(Kind::kString)) {
    return evaluation->Fail(absl::StrCat("a map is indexed by a string, found ", ToAbsl(TypeName(value))));
  }
  *result = value.view();
  return true;
}

bool IndexWire(std::string_view any_value, std::span<const Key> keys, Evaluation* evaluation, Value* result) {
  if (any_value.data() == nullptr) {
    *result = Value::Nil();
    return true;
  }
  for (const Key& key : keys) {
    const AnyValue value = ReadAnyValue(any_value);
    if (value.kind == AnyKind::kMap) {
      std::string_view text;
      if (!StringKey(key, evaluation, &text)) return false;
      any_value = FindInMap(value.bytes, text);
      if (any_value.data() == nullptr) {
        *result = Value::Nil();
        return true;
      }
    } else if (value.kind == AnyKind::kArray) {
      int64_t index = 0;
      if (!IntKey(key, evaluation, &index)) return false;
      any_value = FindInList(value.bytes, index);
      if (any_value.data() == nullptr) return FailBounds(index, evaluation);
    } else {
      return evaluation->Fail(absl::StrCat("type ", ToAbsl(TypeName(value.kind)), " does not support indexing"));
    }
  }
  return FromWire(any_value, evaluation, result);
}

bool IndexValue(const Value& value, std::span<const Key> keys, Evaluation* evaluation, Value* result) {
  Value now = value;
  for (const Key& key : keys) {
    Value index = key.type == Key::Type::kString ? Value::String(key.text) : Value::Int(key.number);
    if (key.type == Key::Type::kExpression && !key.expression->Evaluate(evaluation, &index)) return false;
    bool ok = false;
    if (index.is(Kind::kString)) {
      ok = IndexMap(now, index.view(), evaluation, &now);
    } else if (index.is(Kind::kInt)) {
      ok = IndexList(now, index.integer, evaluation, &now);
    } else {
      ok = evaluation->Fail(absl::StrCat("a key is a string or an int, found ", ToAbsl(TypeName(index))));
    }
    if (!ok) return false;
  }
  *result = now;
  return true;
}

}  // namespace tailrace::ottl

// The usual form of an attribute, {"key":"...","value":{"stringValue":"..."}}, with the members in this order and one
// value of stringValue, intValue, boolValue or doubleValue in it: most of a request. It is read from known places of
// the tape and written at once, without a list of what is there. Only for proto/json_reader.cc, whose general way
// takes all other forms and gives the same bytes for this one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "proto/json_backward_writer.h"
#include "proto/json_scalars.h"
#include "proto/json_tape.h"
#include "proto/wire_reader.h"

namespace tailrace::otlp_json {

// Tags, lengths and a number, with room to spare.
inline constexpr size_t kAttributeBytesMax = 64;

// Writes AnyValue { string_value = 1, bool_value = 2, int_value = 3, double_value = 4 } of the one member at `member`.
// False, and nothing is written, where it is another member, or where the general way has something to say about it.
inline bool WriteUsualValue(const JsonTape& tape, JsonTape::At member, BackwardCursor* out) {
  const JsonTape::At value = member + 1;
  std::string_view text;
  if (tape.TextIs(member, "stringValue")) {
    if (!tape.Get(value, &text)) return false;
    out->Raw(text);
    out->Varint(text.size());
    out->Tag(WireTag(1, kLengthDelimited));
    return true;
  }
  if (tape.TextIs(member, "intValue")) {
    int64_t number = 0;
    if (!(tape.Get(value, &text) ? ParseDecimal(text, &number) : tape.Get(value, &number))) return false;
    out->Varint(static_cast<uint64_t>(number));
    out->Tag(WireTag(3, kVarint));
    return true;
  }
  if (tape.TextIs(member, "boolValue")) {
    bool flag = false;
    if (!tape.Get(value, &flag)) return false;
    out->Varint(flag ? 1 : 0);
    out->Tag(WireTag(2, kVarint));
    return true;
  }
  if (tape.TextIs(member, "doubleValue")) {
    double number = 0;
    if (!tape.Get(value, &number)) return false;
    uint64_t bits;
    std::memcpy(&bits, &number, sizeof(bits));
    out->Fixed64(bits);
    out->Tag(WireTag(4, kFixed64));
    return true;
  }
  return false;
}

// Writes the KeyValue { key = 1, value = 2 } at `at` as the field `tag`. False, and nothing is written, where it has
// another form.
inline bool WriteUsualAttribute(const JsonTape& tape, JsonTape::At at, uint32_t tag, BackwardWriter* out) {
  // The words: { "key" "..." "value" { "stringValue" "..." } }
  const JsonTape::At key = at + 2, value_key = at + 3, value = at + 4, member = at + 5;
  if (!tape.IsObjectOf(2, at) || !tape.TextIs(at + 1, "key") || !tape.IsString(key)) return false;
  if (!tape.TextIs(value_key, "value") || !tape.IsObjectOf(1, value)) return false;
  const std::string_view key_text = tape.Text(key);
  const size_t value_bytes = tape.IsString(member + 1) ? tape.Text(member + 1).size() : 0;
  BackwardCursor cursor = out->Room(key_text.size() + value_bytes + kAttributeBytesMax);
  const char* const end = cursor.at();
  if (!WriteUsualValue(tape, member, &cursor)) return false;
  cursor.Varint(static_cast<size_t>(end - cursor.at()));
  cursor.Tag(WireTag(2, kLengthDelimited));
  if (!key_text.empty()) {
    cursor.Raw(key_text);
    cursor.Varint(key_text.size());
    cursor.Tag(WireTag(1, kLengthDelimited));
  }
  cursor.Varint(static_cast<size_t>(end - cursor.at()));
  cursor.Tag(tag);
  out->Keep(cursor);
  return true;
}

}  // namespace tailrace::otlp_json

// JsonValueWriter: JSON values that are no message, each as one protobuf field. Only for proto/json_reader.cc.
//
// Ownership: single-writer, for the time of one body. Every Write... returns false where the value is none of its kind;
// what() then says what was expected.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/json_backward_writer.h"
#include "proto/json_fields.h"
#include "proto/json_scalars.h"
#include "proto/json_tape.h"
#include "proto/wire_reader.h"

namespace tailrace::otlp_json {

class JsonValueWriter {
 public:
  using At = JsonTape::At;

  // `scratch` holds decoded base64 for a moment.
  JsonValueWriter(const JsonTape& tape, BackwardWriter* out, std::string* scratch)
      : tape_(tape), out_(*out), scratch_(*scratch) {}

  const std::string& what() const { return what_; }

 protected:
  bool WriteString(uint32_t number, At value, bool even_if_empty) {
    std::string_view text;
    if (!tape_.Get(value, &text)) return Fail("expected a string");
    if (text.empty() && !even_if_empty) return true;
    out_.Raw(text);
    return CloseBytes(number, text.size());
  }

  bool WriteId(uint32_t number, At value) {
    std::string_view text;
    if (!tape_.Get(value, &text)) return Fail("expected a string of hex digits");
    if (text.empty()) return true;
    if (!DecodeHex(text, out_.Take(text.size() / 2))) return Fail("expected pairs of hex digits");
    return CloseBytes(number, text.size() / 2);
  }

  bool WriteBytes(At value) {
    std::string_view text;
    if (!tape_.Get(value, &text) || !DecodeBase64(text, &scratch_)) return Fail("expected base64");
    out_.Raw(scratch_);
    return CloseBytes(7, scratch_.size());
  }

  bool WriteUint32(uint32_t number, At value) {
    uint64_t whole = 0;
    if (!ReadUnsigned(value, UINT32_MAX, &whole)) return false;
    return whole == 0 || CloseVarint(number, whole);
  }

  bool WriteFixed32(uint32_t number, At value) {
    uint64_t whole = 0;
    if (!ReadUnsigned(value, UINT32_MAX, &whole)) return false;
    if (whole == 0) return true;
    out_.Fixed32(static_cast<uint32_t>(whole));
    out_.Tag(WireTag(number, kFixed32));
    return true;
  }

  bool WriteTime(uint32_t number, At value) {
    uint64_t whole = 0;
    if (!ReadUnsigned(value, UINT64_MAX, &whole)) return false;
    if (whole == 0) return true;
    out_.Fixed64(whole);
    out_.Tag(WireTag(number, kFixed64));
    return true;
  }

  bool WriteEnum(const Field& field, At value) {
    int32_t number = 0;
    if (std::string_view name; tape_.Get(value, &name)) {
      if (!ParseEnumName(field.key, name, &number)) return Fail("unknown name");
    } else {
      int64_t wide = 0;
      if (!tape_.Get(value, &wide) || wide < INT32_MIN || wide > INT32_MAX) {
        return Fail("expected a name or an integer of 32 bits");
      }
      number = static_cast<int32_t>(wide);
    }
    // Negative ones are extended to 64 bits, as protobuf does.
    return number == 0 || CloseVarint(field.number, static_cast<uint64_t>(int64_t{number}));
  }

  bool WriteBool(At value) {
    bool flag = false;
    if (!tape_.Get(value, &flag)) return Fail("expected true or false");
    return CloseVarint(2, flag ? 1 : 0);
  }

  bool WriteInt64(At value) {
    int64_t number = 0;
    std::string_view text;
    const bool ok = tape_.Get(value, &text) ? ParseDecimal(text, &number) : tape_.Get(value, &number);
    if (!ok) return Fail("expected an integer of 64 bits");
    return CloseVarint(3, static_cast<uint64_t>(number));
  }

  bool WriteDouble(At value) {
    double number = 0;
    std::string_view text;
    const bool ok = tape_.Get(value, &text) ? ParseDoubleText(text, &number) : tape_.Get(value, &number);
    if (!ok) return Fail("expected a number, \"NaN\", \"Infinity\" or \"-Infinity\"");
    uint64_t bits;
    std::memcpy(&bits, &number, sizeof(bits));
    out_.Fixed64(bits);
    out_.Tag(WireTag(4, kFixed64));
    return true;
  }

  bool ReadUnsigned(At value, uint64_t max, uint64_t* number) {
    std::string_view text;
    const bool ok = tape_.Get(value, &text) ? ParseDecimal(text, number) : tape_.Get(value, number);
    if (ok && *number <= max) return true;
    return Fail(absl::StrCat("expected an integer from 0 to ", max));
  }

  bool CloseBytes(uint32_t number, size_t size) {
    out_.Length(size);
    out_.Tag(WireTag(number, kLengthDelimited));
    return true;
  }
  bool CloseVarint(uint32_t number, uint64_t value) {
    out_.Varint(value);
    out_.Tag(WireTag(number, kVarint));
    return true;
  }

  bool Fail(std::string what) {
    what_ = std::move(what);
    return false;
  }

  const JsonTape tape_;
  BackwardWriter& out_;

 private:
  std::string& scratch_;
  std::string what_;
};

}  // namespace tailrace::otlp_json

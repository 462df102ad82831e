#include "proto/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "proto/json_fields.h"
#include "proto/json_string.h"
#include "proto/wire_reader.h"

namespace tailrace {
namespace {

using namespace otlp_json;  // NOLINT: the tables that this file walks over

constexpr WireType WireTypeOf(Kind kind) {
  switch (kind) {
    case Kind::kUint32:
    case Kind::kInt32:
      return kVarint;
    case Kind::kFlags:
      return kFixed32;
    case Kind::kTime:
      return kFixed64;
    default:
      return kLengthDelimited;
  }
}

absl::string_view ForAbsl(std::string_view text) { return {text.data(), text.size()}; }

void AppendDouble(uint64_t bits, std::string* out) {
  double value;
  std::memcpy(&value, &bits, sizeof(value));
  if (std::isnan(value)) {
    out->append("\"NaN\"");
  } else if (std::isinf(value)) {
    out->append(value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
  } else {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof(text), value);
    out->append(text, end.ptr);
  }
}

// One sub-message that may come in several pieces: by protobuf's rules their bytes in a row are the merged message.
class Pieces {
 public:
  void Add(std::string_view piece) {
    if (!present_) {
      first_ = piece;
      present_ = true;
      return;
    }
    if (joined_.empty()) joined_.assign(first_);
    joined_.append(piece);
  }
  void Clear() { *this = Pieces(); }
  bool present() const { return present_; }
  std::string_view bytes() const { return joined_.empty() ? first_ : std::string_view(joined_); }

 private:
  bool present_ = false;
  std::string_view first_;
  std::string joined_;
};

class Writer {
 public:
  explicit Writer(std::string* out) : out_(out) {}

  bool Write(const Message& type, std::string_view bytes, int depth) {
    if (depth > kJsonDepthMax) return false;
    return &type == &kAnyValue ? WriteAnyValue(bytes, depth) : WriteFields(type, bytes, depth);
  }

 private:
  // The last value of each field that is not repeated; for a repeated one only that it came.
  struct Slot {
    uint64_t number = 0;
    Pieces pieces;
  };

  bool WriteFields(const Message& type, std::string_view bytes, int depth) {
    std::array<Slot, kFieldsMax> slots;
    if (!Collect(type, bytes, &slots)) return false;
    out_->push_back('{');
    bool first = true;
    for (size_t i = 0; i < type.fields.size(); ++i) {
      const Field& field = type.fields[i];
      if (!Wanted(field, slots[i])) continue;
      absl::StrAppend(out_, first ? "\"" : ",\"", absl::string_view(field.key.data(), field.key.size()), "\":");
      first = false;
      if (!WriteField(field, slots[i], bytes, depth)) return false;
    }
    out_->push_back('}');
    return true;
  }

  static bool Collect(const Message& type, std::string_view bytes, std::array<Slot, kFieldsMax>* slots) {
    WireReader reader(bytes);
    while (reader.Next()) {
      size_t i = 0;
      while (i < type.fields.size() &&
             WireTag(type.fields[i].number, WireTypeOf(type.fields[i].kind)) != reader.tag()) {
        ++i;
      }
      if (i == type.fields.size()) {
        reader.Skip();
        continue;
      }
      Slot& slot = (*slots)[i];
      switch (type.fields[i].kind) {
        case Kind::kUint32:
        case Kind::kInt32:
          slot.number = reader.Varint();
          break;
        case Kind::kFlags:
          slot.number = reader.Fixed32();
          break;
        case Kind::kTime:
          slot.number = reader.Fixed64();
          break;
        case Kind::kMessage:
          slot.pieces.Add(reader.Bytes());
          break;
        default:
          slot.pieces.Clear();
          slot.pieces.Add(reader.Bytes());
      }
    }
    return reader.ok();
  }

  static bool Wanted(const Field& field, const Slot& slot) {
    switch (field.kind) {
      case Kind::kUint32:
      case Kind::kInt32:
        return static_cast<uint32_t>(slot.number) != 0;
      case Kind::kFlags:
      case Kind::kTime:
        return slot.number != 0;
      case Kind::kString:
        return !slot.pieces.bytes().empty();
      case Kind::kId:
        return slot.pieces.bytes().find_first_not_of('\0') != std::string_view::npos;
      case Kind::kMessage:
        return true;
      default:
        return slot.pieces.present();
    }
  }

  bool WriteField(const Field& field, const Slot& slot, std::string_view bytes, int depth) {
    switch (field.kind) {
      case Kind::kString:
        AppendJsonString(slot.pieces.bytes(), out_);
        return true;
      case Kind::kId:
        absl::StrAppend(out_, "\"", absl::BytesToHexString(ForAbsl(slot.pieces.bytes())), "\"");
        return true;
      case Kind::kInt32:
        absl::StrAppend(out_, static_cast<int32_t>(slot.number));
        return true;
      case Kind::kUint32:
      case Kind::kFlags:
        absl::StrAppend(out_, static_cast<uint32_t>(slot.number));
        return true;
      case Kind::kTime:
        absl::StrAppend(out_, "\"", slot.number, "\"");
        return true;
      case Kind::kMessage:
        return Write(*field.message, slot.pieces.bytes(), depth + 1);
      default:
        return WriteRepeated(field, bytes, depth);
    }
  }

  // Walks over the message once more, so that no list of elements has to be kept.
  bool WriteRepeated(const Field& field, std::string_view bytes, int depth) {
    out_->push_back('[');
    bool first = true;
    WireReader reader(bytes);
    while (reader.Next()) {
      if (reader.tag() != WireTag(field.number, kLengthDelimited)) {
        reader.Skip();
        continue;
      }
      if (!first) out_->push_back(',');
      first = false;
      const std::string_view element = reader.Bytes();
      if (field.kind == Kind::kStrings) {
        AppendJsonString(element, out_);
      } else if (!Write(*field.message, element, depth + 1)) {
        return false;
      }
    }
    out_->push_back(']');
    return true;
  }

  // message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3;
  //   double double_value = 4; ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7; } }
  bool WriteAnyValue(std::string_view bytes, int depth) {
    uint32_t member = 0;  // the tag of the one that came last
    uint64_t number = 0;
    Pieces pieces;
    WireReader reader(bytes);
    while (reader.Next()) {
      const uint32_t tag = reader.tag();
      switch (tag) {
        case WireTag(2, kVarint):
        case WireTag(3, kVarint):
          number = reader.Varint();
          break;
        case WireTag(4, kFixed64):
          number = reader.Fixed64();
          break;
        case WireTag(5, kLengthDelimited):
        case WireTag(6, kLengthDelimited):
          if (member != tag) pieces.Clear();
          pieces.Add(reader.Bytes());
          break;
        case WireTag(1, kLengthDelimited):
        case WireTag(7, kLengthDelimited):
          pieces.Clear();
          pieces.Add(reader.Bytes());
          break;
        default:
          reader.Skip();
          continue;
      }
      member = tag;
    }
    return reader.ok() && WriteMember(member, number, pieces.bytes(), depth);
  }

  bool WriteMember(uint32_t member, uint64_t number, std::string_view bytes, int depth) {
    switch (member) {
      case WireTag(1, kLengthDelimited):
        out_->append("{\"stringValue\":");
        AppendJsonString(bytes, out_);
        break;
      case WireTag(2, kVarint):
        out_->append(number != 0 ? "{\"boolValue\":true" : "{\"boolValue\":false");
        break;
      case WireTag(3, kVarint):
        absl::StrAppend(out_, "{\"intValue\":\"", static_cast<int64_t>(number), "\"");
        break;
      case WireTag(4, kFixed64):
        out_->append("{\"doubleValue\":");
        AppendDouble(number, out_);
        break;
      case WireTag(5, kLengthDelimited):
        out_->append("{\"arrayValue\":");
        if (!Write(kArrayValue, bytes, depth + 1)) return false;
        break;
      case WireTag(6, kLengthDelimited):
        out_->append("{\"kvlistValue\":");
        if (!Write(kKeyValueList, bytes, depth + 1)) return false;
        break;
      case WireTag(7, kLengthDelimited):
        absl::StrAppend(out_, "{\"bytesValue\":\"", absl::Base64Escape(ForAbsl(bytes)), "\"");
        break;
      default:
        out_->push_back('{');
    }
    out_->push_back('}');
    return true;
  }

  std::string* out_;
};

template <typename F>
bool RestoringOnError(std::string* out, F write) {
  const size_t before = out->size();
  if (write()) return true;
  out->resize(before);
  return false;
}

}  // namespace

bool WriteOtlpJson(std::string_view export_trace_service_request, std::string* out) {
  return RestoringOnError(out, [&] { return Writer(out).Write(kRequest, export_trace_service_request, 1); });
}

bool WriteAnyValueJson(std::string_view any_value, std::string* out) {
  return RestoringOnError(out, [&] { return Writer(out).Write(kAnyValue, any_value, 1); });
}

}  // namespace tailrace

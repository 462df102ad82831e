#include "proto/json_reader.h"

#include <simdjson.h>

#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/attribute_depth.h"
#include "proto/json_attribute.h"
#include "proto/json_backward_writer.h"
#include "proto/json_fields.h"
#include "proto/json_keys.h"
#include "proto/json_repair.h"
#include "proto/json_tape.h"
#include "proto/json_value_writer.h"
#include "proto/wire_reader.h"

namespace tailrace {
namespace {

using namespace otlp_json;  // NOLINT: the tables that this file walks over
using At = JsonTape::At;

// Buffers that have grown beyond this are given back after the body that needed them.
constexpr size_t kKeptBytes = size_t{2} << 20;

// What is still to be written of an object or a list: gathered forwards, written backwards.
struct Pending {
  const Field* field;
  At value;
};

// The messages; JsonValueWriter writes what stands in them.
class Converter : private JsonValueWriter {
 public:
  Converter(const JsonTape& tape, std::vector<Pending>* pending, BackwardWriter* out, std::string* scratch)
      : JsonValueWriter(tape, out, scratch), pending_(*pending) {}

  // `levels_left`: arrays and maps that may still be opened inside an attribute.
  bool WriteMessage(const Message& type, At value, int levels_left) {
    if (!tape_.IsObject(value)) return tape_.IsNull(value) || Fail("expected an object");
    const bool any_value = &type == &kAnyValue;
    const std::span<const Field> fields = FieldsOf(type);
    const size_t base = pending_.size();
    size_t guess = 0;
    const At end = tape_.End(value);
    for (At key = JsonTape::First(value), member; key != end; key = tape_.After(member)) {
      member = key + 1;
      const Field* field = FindField(fields, tape_.Text(key), &guess);
      if (field != nullptr && !tape_.IsNull(member)) pending_.push_back({field, member});
    }
    for (size_t i = pending_.size(); i-- > base;) {
      const Pending next = pending_[i];
      const bool ok = any_value ? WriteMember(*next.field, next.value, levels_left)
                                : WriteField(*next.field, next.value, levels_left);
      if (!ok) return FailIn(next.field->key);
    }
    pending_.resize(base);
    return true;
  }

  // Where and what, once something returned false.
  std::string error() const { return absl::StrCat(path_, path_.empty() ? "" : ": ", what()); }

 private:
  bool WriteField(const Field& field, At value, int levels_left) {
    switch (field.kind) {
      case Kind::kString:
        return WriteString(field.number, value, /*even_if_empty=*/false);
      case Kind::kId:
        return WriteId(field.number, value);
      case Kind::kUint32:
        return WriteUint32(field.number, value);
      case Kind::kInt32:
        return WriteEnum(field, value);
      case Kind::kFlags:
        return WriteFixed32(field.number, value);
      case Kind::kTime:
        return WriteTime(field.number, value);
      case Kind::kMessage:
        return WriteSubMessage(field, value, levels_left);
      case Kind::kMessages:
      case Kind::kStrings:
        return WriteList(field, value, levels_left);
    }
    return false;
  }

  // One member of an AnyValue: being there is what counts, so defaults are written too.
  bool WriteMember(const Field& field, At value, int levels_left) {
    switch (field.number) {
      case 1:
        return WriteString(1, value, /*even_if_empty=*/true);
      case 2:
        return WriteBool(value);
      case 3:
        return WriteInt64(value);
      case 4:
        return WriteDouble(value);
      case 5:
      case 6:
        if (levels_left == 0) return Fail("attribute values are nested too deep");
        return WriteSubMessage(field, value, levels_left - 1);
      default:
        return WriteBytes(value);
    }
  }

  bool WriteSubMessage(const Field& field, At value, int levels_left) {
    const size_t before = out_.size();
    if (!WriteMessage(*field.message, value, levels_left)) return false;
    return CloseBytes(field.number, out_.size() - before);
  }

  bool WriteList(const Field& field, At value, int levels_left) {
    if (!tape_.IsArray(value)) return Fail("expected an array");
    const size_t base = pending_.size();
    const At end = tape_.End(value);
    for (At item = JsonTape::First(value); item != end; item = tape_.After(item)) pending_.push_back({&field, item});
    for (size_t i = pending_.size(); i-- > base;) {
      const At item = pending_[i].value;
      const bool ok = field.kind == Kind::kStrings ? WriteString(field.number, item, /*even_if_empty=*/true)
                                                   : WriteListed(field, item, levels_left);
      if (!ok) return FailIn(absl::StrCat("[", i - base, "]"));
    }
    pending_.resize(base);
    return true;
  }

  // One message of a list.
  bool WriteListed(const Field& field, At value, int levels_left) {
    if (field.message == &kKeyValue &&
        WriteUsualAttribute(tape_, value, WireTag(field.number, kLengthDelimited), &out_)) {
      return true;
    }
    return WriteSubMessage(field, value, levels_left);
  }

  bool FailIn(std::string_view step) {
    const bool joined = path_.empty() || path_.front() == '[';
    path_ = absl::StrCat(std::string(step), joined ? "" : ".", path_);
    return false;
  }

  std::vector<Pending>& pending_;
  std::string path_;
};

absl::Status NotJson(simdjson::error_code error) {
  switch (error) {
    case simdjson::UTF8_ERROR:
      return absl::InvalidArgumentError("the JSON text is not valid UTF-8");
    case simdjson::DEPTH_ERROR:
      return absl::InvalidArgumentError("the JSON text is nested too deep");
    case simdjson::NUMBER_ERROR:
      return absl::InvalidArgumentError("the JSON text holds a malformed or too large number");
    case simdjson::STRING_ERROR:
      return absl::InvalidArgumentError("the JSON text holds a malformed string");
    case simdjson::CAPACITY:
      return absl::InvalidArgumentError("the JSON text is too large");
    case simdjson::MEMALLOC:
      return absl::ResourceExhaustedError("no memory to parse the JSON text");
    default:
      return absl::InvalidArgumentError("not valid JSON, or cut off; expected an ExportTraceServiceRequest");
  }
}

}  // namespace

struct JsonReader::State {
  simdjson::dom::parser parser;
  std::vector<Pending> pending;
  BackwardWriter out;
  std::string scratch;

  // On success `out` holds the wire bytes.
  absl::Status Parse(std::string_view json, size_t room_behind) {
    if (json.find_first_not_of(" \t\r\n") == std::string_view::npos) {
      return absl::InvalidArgumentError("the body is empty; expected a JSON object, an ExportTraceServiceRequest");
    }
    simdjson::dom::element root;
    auto error = parser.parse(json.data(), json.size(), room_behind < simdjson::SIMDJSON_PADDING).get(root);
    if (error == simdjson::NUMBER_ERROR || error == simdjson::STRING_ERROR) {
      const std::string repaired = RepairJson(json);
      error = parser.parse(repaired).get(root);
    }
    if (error != simdjson::SUCCESS) return NotJson(error);
    if (!root.is_object() && !root.is_null()) {
      return absl::InvalidArgumentError(
          "expected a JSON object, an ExportTraceServiceRequest: {\"resourceSpans\": [...]}");
    }
    out.Reset(json.size() + 64);
    pending.clear();
    const JsonTape tape(parser.doc.tape.get(), parser.doc.string_buf.get());
    Converter converter(tape, &pending, &out, &scratch);
    if (!converter.WriteMessage(kRequest, JsonTape::kRoot, kAttributeDepthMax)) {
      return absl::InvalidArgumentError(converter.error());
    }
    return absl::OkStatus();
  }

  bool HasGrown() const {
    return parser.capacity() > kKeptBytes || out.capacity() > kKeptBytes || scratch.capacity() > kKeptBytes ||
           pending.capacity() > kKeptBytes / sizeof(Pending);
  }
};

JsonReader::JsonReader() : state_(std::make_unique<State>()) {}
JsonReader::~JsonReader() = default;

absl::Status JsonReader::Parse(std::string_view json, size_t room_behind,
                               absl::FunctionRef<void(std::string_view)> take) {
  absl::Status status = state_->Parse(json, room_behind);
  if (status.ok()) take(state_->out.view());
  if (state_->HasGrown()) state_ = std::make_unique<State>();
  return status;
}

absl::Status JsonReader::Parse(std::string_view json, std::string* protobuf_out) {
  protobuf_out->clear();
  return Parse(json, 0, [protobuf_out](std::string_view protobuf) { protobuf_out->assign(protobuf); });
}

absl::Status ParseOtlpJson(std::string_view json, std::string* protobuf_out) {
  thread_local JsonReader reader;
  return reader.Parse(json, protobuf_out);
}

}  // namespace tailrace

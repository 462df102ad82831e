#include "tests/fuzz/request_mutator.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "otlp/trace_service.pb.h"
#include "proto/wire_reader.h"

namespace tailrace::testing {
namespace {

namespace pb = google::protobuf;

const pb::Descriptor* OtlpDescriptor() {
  return opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest::descriptor();
}

struct Field {
  uint64_t tag = 0;
  const pb::Descriptor* type = nullptr;  // of the message that it is; null: `bytes` are all there is to it
  std::string bytes;  // the value as it stands on the wire; a length-delimited one without its length
  std::vector<Field> fields;
};

void AppendVarint(uint64_t value, std::string* out) {
  for (; value >= 0x80; value >>= 7) out->push_back(static_cast<char>(value | 0x80));
  out->push_back(static_cast<char>(value));
}

// False: not a message of any type.
bool ParseFields(std::string_view message, const pb::Descriptor& type, std::vector<Field>* fields) {
  WireReader reader(message);
  while (reader.Next()) {
    Field field{.tag = reader.tag()};
    if (reader.wire_type() != kLengthDelimited) {
      const char* start = reader.position();
      reader.Skip();
      if (!reader.ok()) return false;
      field.bytes.assign(start, reader.position());
    } else {
      const std::string_view bytes = reader.Bytes();
      if (!reader.ok()) return false;
      const pb::FieldDescriptor* known = type.FindFieldByNumber(static_cast<int>(reader.field()));
      if (known != nullptr && known->type() == pb::FieldDescriptor::TYPE_MESSAGE &&
          ParseFields(bytes, *known->message_type(), &field.fields)) {
        field.type = known->message_type();
      } else {
        field.fields.clear();
        field.bytes.assign(bytes);
      }
    }
    fields->push_back(std::move(field));
  }
  return reader.ok();
}

std::string Serialize(const std::vector<Field>& fields) {
  std::string out;
  for (const Field& field : fields) {
    AppendVarint(field.tag, &out);
    const std::string inner = field.type != nullptr ? Serialize(field.fields) : std::string();
    const std::string& bytes = field.type != nullptr ? inner : field.bytes;
    if ((field.tag & 7) == kLengthDelimited) AppendVarint(bytes.size(), &out);
    out += bytes;
  }
  return out;
}

// One list of fields and the type of the message that it makes up.
struct Message {
  std::vector<Field>* fields;
  const pb::Descriptor* type;
};

void CollectMessages(std::vector<Field>* fields, const pb::Descriptor* type, std::vector<Message>* out) {
  out->push_back({fields, type});
  for (Field& field : *fields) {
    if (field.type != nullptr) CollectMessages(&field.fields, field.type, out);
  }
}

uint32_t WireTypeOf(const pb::FieldDescriptor& field) {
  switch (field.type()) {
    case pb::FieldDescriptor::TYPE_STRING:
    case pb::FieldDescriptor::TYPE_BYTES:
    case pb::FieldDescriptor::TYPE_MESSAGE:
      return kLengthDelimited;
    case pb::FieldDescriptor::TYPE_FIXED64:
    case pb::FieldDescriptor::TYPE_DOUBLE:
      return kFixed64;
    case pb::FieldDescriptor::TYPE_FIXED32:
      return kFixed32;
    default:
      return kVarint;
  }
}

std::string RandomValue(uint32_t wire_type, Dice* dice) {
  std::string value;
  switch (wire_type) {
    case kVarint:
      AppendVarint(dice->Number(), &value);
      return value;
    case kFixed64:
    case kFixed32: {
      const uint64_t number = dice->Number();
      value.assign(reinterpret_cast<const char*>(&number), wire_type == kFixed64 ? 8 : 4);
      return value;
    }
    default:
      constexpr size_t kSizes[] = {0, 1, 7, 8, 9, 15, 16, 17, 40};
      return dice->OneIn(4) ? dice->Text() : dice->Bytes(kSizes[dice->Below(std::size(kSizes))]);
  }
}

Field RandomField(const pb::Descriptor& type, Dice* dice) {
  const pb::FieldDescriptor& known = *type.field(static_cast<int>(dice->Below(type.field_count())));
  // Now and then a number that nobody knows, or a wire type that is not the field's, or a group.
  const uint64_t number = dice->OneIn(8) ? 17 + dice->Below(300) : known.number();
  const uint32_t wire_type = dice->OneIn(12) ? static_cast<uint32_t>(dice->Below(6)) : WireTypeOf(known);
  Field field{.tag = number << 3 | wire_type};
  if (wire_type == kLengthDelimited && known.type() == pb::FieldDescriptor::TYPE_MESSAGE && !dice->OneIn(8)) {
    field.type = known.message_type();
    for (uint64_t i = dice->Below(4); i > 0; --i) field.fields.push_back(RandomField(*field.type, dice));
  } else {
    field.bytes = RandomValue(wire_type, dice);
  }
  return field;
}

void MutateValue(Field* field, Dice* dice, const MutateBytes& mutate) {
  if (field->type != nullptr) {
    field->bytes = Serialize(field->fields);
    field->type = nullptr;
    field->fields.clear();
  }
  const uint32_t wire_type = static_cast<uint32_t>(field->tag & 7);
  if (wire_type != kLengthDelimited || dice->OneIn(4)) {
    field->bytes = RandomValue(wire_type, dice);
    return;
  }
  const size_t size = field->bytes.size();
  field->bytes.resize(size + 16);
  field->bytes.resize(mutate(reinterpret_cast<uint8_t*>(field->bytes.data()), size, field->bytes.size()));
}

void MutateFields(std::vector<Field>* root, Dice* dice, const MutateBytes& mutate) {
  std::vector<Message> messages;
  CollectMessages(root, OtlpDescriptor(), &messages);
  const Message& message = messages[dice->Below(messages.size())];
  std::vector<Field>& fields = *message.fields;
  if (fields.empty() || dice->OneIn(4)) {
    Field field = RandomField(*message.type, dice);
    fields.insert(fields.begin() + static_cast<ptrdiff_t>(dice->Below(fields.size() + 1)), std::move(field));
    return;
  }
  const size_t at = dice->Below(fields.size());
  switch (dice->Below(6)) {
    case 0:
      fields.erase(fields.begin() + static_cast<ptrdiff_t>(at));
      return;
    case 1: {
      Field copy = fields[at];
      fields.insert(fields.begin() + static_cast<ptrdiff_t>(dice->Below(fields.size() + 1)), std::move(copy));
      return;
    }
    case 2:
      std::swap(fields[at], fields[dice->Below(fields.size())]);
      return;
    case 3: {  // what another message of this type has
      const Message& other = messages[dice->Below(messages.size())];
      if (other.type != message.type || other.fields->empty()) return;
      fields[at] = Field((*other.fields)[dice->Below(other.fields->size())]);
      return;
    }
    default:
      MutateValue(&fields[at], dice, mutate);
  }
}

}  // namespace

std::string MutateRequest(std::string_view request, size_t size_max, Dice* dice, const MutateBytes& mutate) {
  std::vector<Field> root;
  if (!ParseFields(request, *OtlpDescriptor(), &root))
    root = {Field{.tag = 2000 << 3 | 2, .bytes = std::string(request)}};
  for (uint64_t i = 1 + dice->Below(4); i > 0; --i) MutateFields(&root, dice, mutate);
  std::string out = Serialize(root);
  out.resize(std::min(out.size(), size_max));
  return out;
}

}  // namespace tailrace::testing

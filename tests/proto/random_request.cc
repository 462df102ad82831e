#include "tests/proto/random_request.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace tailrace::testing {
namespace {

namespace common = opentelemetry::proto::common::v1;
namespace trace = opentelemetry::proto::trace::v1;

constexpr int kDepthMax = 4;

void FillValue(Dice* dice, common::AnyValue* value, int depth);

void FillKeyValue(Dice* dice, common::KeyValue* pair, int depth) {
  pair->set_key(dice->Text());
  FillValue(dice, pair->mutable_value(), depth);
}

double RandomDouble(Dice* dice) {
  switch (dice->Below(6)) {
    case 0:
      return std::numeric_limits<double>::infinity();
    case 1:
      return -std::numeric_limits<double>::infinity();
    case 2:
      return std::numeric_limits<double>::quiet_NaN();
    case 3:
      return static_cast<double>(dice->Signed()) * 16;  // integers beyond 64 bits
    case 4:
      return static_cast<double>(dice->Signed()) * 1e-300;
    default:
      return static_cast<double>(dice->Below(1000)) / 8;
  }
}

void FillValue(Dice* dice, common::AnyValue* value, int depth) {
  switch (dice->Below(depth == 0 ? 6 : 8)) {
    case 0:
      value->set_string_value(dice->Text());
      break;
    case 1:
      value->set_bool_value(dice->OneIn(2));
      break;
    case 2:
      value->set_int_value(static_cast<int64_t>(dice->Number()));
      break;
    case 3:
      value->set_double_value(RandomDouble(dice));
      break;
    case 4:
      value->set_bytes_value(dice->Bytes(dice->Below(20)));
      break;
    case 5:
      break;
    case 6:
      value->mutable_array_value();
      for (uint64_t i = dice->Below(4); i > 0; --i)
        FillValue(dice, value->mutable_array_value()->add_values(), depth - 1);
      break;
    default:
      value->mutable_kvlist_value();
      for (uint64_t i = dice->Below(4); i > 0; --i)
        FillKeyValue(dice, value->mutable_kvlist_value()->add_values(), depth - 1);
  }
}

template <typename Message>
void FillAttributes(Dice* dice, Message* message) {
  for (uint64_t i = dice->Below(4); i > 0; --i) FillKeyValue(dice, message->add_attributes(), kDepthMax);
  if (dice->OneIn(3)) message->set_dropped_attributes_count(static_cast<uint32_t>(dice->Number()));
}

void FillEvent(Dice* dice, trace::Span::Event* event) {
  event->set_time_unix_nano(dice->Number());
  event->set_name(dice->Text());
  FillAttributes(dice, event);
}

void FillLink(Dice* dice, trace::Span::Link* link) {
  link->set_trace_id(dice->Bytes(16));
  link->set_span_id(dice->Bytes(8));
  link->set_trace_state(dice->Text());
  link->set_flags(static_cast<uint32_t>(dice->Number()));
  FillAttributes(dice, link);
}

void FillSpan(Dice* dice, trace::Span* span) {
  span->set_trace_id(dice->Bytes(16));
  span->set_span_id(dice->Bytes(8));
  if (dice->OneIn(4)) span->set_trace_state(dice->Text());
  if (dice->OneIn(2)) span->set_parent_span_id(dice->Bytes(8));
  span->set_name(dice->Text());
  span->set_kind(static_cast<trace::Span::SpanKind>(dice->OneIn(9) ? static_cast<int>(dice->Number())
                                                                   : static_cast<int>(dice->Below(6))));
  span->set_start_time_unix_nano(dice->Number());
  span->set_end_time_unix_nano(dice->Number());
  FillAttributes(dice, span);
  for (uint64_t i = dice->Below(3); i > 0; --i) FillEvent(dice, span->add_events());
  if (dice->OneIn(3)) span->set_dropped_events_count(static_cast<uint32_t>(dice->Number()));
  for (uint64_t i = dice->Below(3); i > 0; --i) FillLink(dice, span->add_links());
  if (dice->OneIn(3)) span->set_dropped_links_count(static_cast<uint32_t>(dice->Number()));
  span->mutable_status();
  if (dice->OneIn(2)) span->mutable_status()->set_message(dice->Text());
  if (dice->OneIn(2)) span->mutable_status()->set_code(static_cast<trace::Status::StatusCode>(dice->Below(4)));
  if (dice->OneIn(2)) span->set_flags(static_cast<uint32_t>(dice->Number()));
}

// --- Wire shapes
// -------------------------------------------------------------------------------------------------------

// The fields of one message, shuffled when they are put together.
class Pieces {
 public:
  explicit Pieces(Dice* dice) : dice_(dice) {}
  void Add(const WireBuilder& field) { fields_.push_back(field.Bytes()); }
  void AddUnknown() {
    if (!dice_->OneIn(6)) return;
    const uint32_t number = static_cast<uint32_t>(dice_->OneIn(2) ? 17 + dice_->Below(200) : 1000);
    switch (dice_->Below(4)) {
      case 0:
        return Add(WireBuilder().Varint(number, dice_->Number()));
      case 1:
        return Add(WireBuilder().Fixed64(number, dice_->Word()));
      case 2:
        return Add(WireBuilder().Fixed32(number, static_cast<uint32_t>(dice_->Word())));
      default:
        return Add(WireBuilder().Bytes(number, dice_->Bytes(dice_->Below(40))));
    }
  }
  std::string Join() {
    AddUnknown();
    if (dice_->OneIn(3)) {
      for (size_t i = fields_.size(); i > 1; --i) std::swap(fields_[i - 1], fields_[dice_->Below(i)]);
    }
    std::string joined;
    for (const std::string& field : fields_) joined += field;
    return joined;
  }

 private:
  Dice* dice_;
  std::vector<std::string> fields_;
};

std::string RandomId(Dice* dice, size_t size, uint64_t known) {
  switch (dice->Below(40)) {
    case 0:
      return std::string(size, '\0');
    case 1:
      return dice->Bytes(dice->Below(2 * size));
    case 2:
      return "";
    default:
      return TestId(size, known);
  }
}

uint64_t RandomTime(Dice* dice) {
  if (dice->OneIn(20)) return dice->Number();
  return 1700000000000000000ULL + dice->Below(1000000000);
}

void AddOftenTwice(Dice* dice, Pieces* pieces, const WireBuilder& field, const WireBuilder& other) {
  if (dice->OneIn(12)) pieces->Add(other);
  if (!dice->OneIn(12)) pieces->Add(field);
}

std::string RandomSpan(Dice* dice, uint64_t traces) {
  if (dice->OneIn(50)) return "";
  Pieces span(dice);
  const uint64_t number = 1 + dice->Below(traces);
  AddOftenTwice(dice, &span, WireBuilder().Bytes(1, RandomId(dice, 16, number)), WireBuilder().Bytes(1, TestId(16, 3)));
  AddOftenTwice(dice, &span, WireBuilder().Bytes(2, RandomId(dice, 8, number)), WireBuilder().Bytes(2, ""));
  if (dice->OneIn(5)) span.Add(WireBuilder().Bytes(3, dice->OneIn(2) ? "a=b" : ""));
  if (!dice->OneIn(4)) span.Add(WireBuilder().Bytes(4, dice->OneIn(5) ? "" : TestId(8, number)));
  span.Add(WireBuilder().Bytes(5, "name"));
  if (dice->OneIn(2)) span.Add(WireBuilder().Varint(6, dice->Below(6)));
  AddOftenTwice(dice, &span, WireBuilder().Fixed64(7, RandomTime(dice)), WireBuilder().Fixed64(7, RandomTime(dice)));
  AddOftenTwice(dice, &span, WireBuilder().Fixed64(8, RandomTime(dice)), WireBuilder().Fixed64(8, RandomTime(dice)));
  for (uint64_t i = dice->Below(3); i > 0; --i)
    span.Add(WireBuilder().Bytes(9, KeyValue("k", IntValue(dice->Signed()))));
  if (dice->OneIn(8)) span.Add(WireBuilder().Bytes(11, OtlpEvent(dice->Number(), "e").Bytes()));
  if (dice->OneIn(8)) span.Add(WireBuilder().Bytes(13, OtlpLink(TestId(16, 7), TestId(8, 8)).Bytes()));
  if (dice->OneIn(2)) span.Add(WireBuilder().Bytes(15, WireBuilder().Varint(3, dice->Number()).Bytes()));
  if (dice->OneIn(3)) span.Add(WireBuilder().Bytes(15, WireBuilder().Bytes(2, "m").Varint(3, dice->Below(3)).Bytes()));
  if (dice->OneIn(6))
    span.Add(WireBuilder().Bytes(15, WireBuilder().Bytes(2, "no code: an earlier one stays").Bytes()));
  if (dice->OneIn(3)) span.Add(WireBuilder().Fixed32(16, static_cast<uint32_t>(dice->Number())));
  return span.Join();
}

std::string RandomScopeSpans(Dice* dice, uint64_t* spans) {
  Pieces scope(dice);
  for (uint64_t i = dice->Below(3); i > 0; --i) {
    scope.Add(WireBuilder().Bytes(1, OtlpScope("lib", "1").Attribute("k", IntValue(dice->Signed())).Bytes()));
  }
  if (dice->OneIn(3)) scope.Add(WireBuilder().Bytes(3, "scope-schema"));
  const uint64_t traces = 1 + dice->Below(3);
  for (uint64_t i = dice->Below(20); i > 0; --i, ++*spans) scope.Add(WireBuilder().Bytes(2, RandomSpan(dice, traces)));
  return scope.Join();
}

std::string RandomResourceSpans(Dice* dice, uint64_t* spans) {
  Pieces resource(dice);
  for (uint64_t i = dice->Below(3); i > 0; --i) {
    resource.Add(WireBuilder().Bytes(1, OtlpResource().Attribute("service.name", StringValue(dice->Text())).Bytes()));
  }
  if (dice->OneIn(3)) resource.Add(WireBuilder().Bytes(3, "resource-schema"));
  for (uint64_t i = dice->Below(4); i > 0; --i) resource.Add(WireBuilder().Bytes(2, RandomScopeSpans(dice, spans)));
  return resource.Join();
}

}  // namespace

uint64_t Dice::Number() {
  switch (Below(6)) {
    case 0:
      return 0;
    case 1:
      return Below(300);
    case 2:
      return UINT64_MAX;
    case 3:
      return uint64_t{1} << 63;
    case 4:
      return Word() >> Below(64);
    default:
      return 1700000000000000000ULL + Below(1000000);
  }
}

std::string Dice::Bytes(size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(Word());
  return bytes;
}

std::string Dice::Text() {
  static constexpr const char* kPieces[] = {"a",    "service", "\"", "\\", "/",          "\n",     "\t",
                                            "\x01", "\x7f",    "é",  "€",  "\U0001F600", "\u2028", ""};
  std::string text;
  for (uint64_t i = Below(4); i > 0; --i) text += kPieces[Below(std::size(kPieces))];
  return text;
}

opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest RandomOtlp(Dice* dice) {
  opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest request;
  for (uint64_t i = dice->Below(3); i > 0; --i) {
    trace::ResourceSpans* resource_spans = request.add_resource_spans();
    FillAttributes(dice, resource_spans->mutable_resource());
    if (dice->OneIn(4)) {
      common::EntityRef* entity = resource_spans->mutable_resource()->add_entity_refs();
      entity->set_type(dice->Text());
      entity->add_id_keys(dice->Text());
      entity->add_description_keys(dice->Text());
    }
    if (dice->OneIn(2)) resource_spans->set_schema_url(dice->Text());
    for (uint64_t j = dice->Below(3); j > 0; --j) {
      trace::ScopeSpans* scope_spans = resource_spans->add_scope_spans();
      scope_spans->mutable_scope()->set_name(dice->Text());
      scope_spans->mutable_scope()->set_version(dice->Text());
      FillAttributes(dice, scope_spans->mutable_scope());
      if (dice->OneIn(2)) scope_spans->set_schema_url(dice->Text());
      for (uint64_t k = dice->Below(4); k > 0; --k) FillSpan(dice, scope_spans->add_spans());
    }
  }
  return request;
}

std::string RandomWire(Dice* dice, uint64_t* spans) {
  Pieces request(dice);
  for (uint64_t i = dice->Below(4); i > 0; --i) request.Add(WireBuilder().Bytes(1, RandomResourceSpans(dice, spans)));
  return request.Join();
}

}  // namespace tailrace::testing

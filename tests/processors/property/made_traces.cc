#include "tests/processors/property/made_traces.h"

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "proto/wire_reader.h"

namespace tailrace::testing {
namespace {

namespace v1 = opentelemetry::proto;
using v1::common::v1::AnyValue;
using v1::common::v1::KeyValue;

constexpr const char* kKeys[] = {"k", "n", "d", "b", "l", "m", "x", ""};
constexpr const char* kTexts[] = {"a", "", "é", "b", "aa"};

int64_t SmallInt(Dice* dice) {
  constexpr int64_t kInts[] = {
      0, 1, 2, 3, 5, 6, 7, 8, -1, std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()};
  return kInts[dice->Below(std::size(kInts))];
}

double SomeDouble(Dice* dice) {
  const double doubles[] = {0, 0.25, 0.5, 1, 3, 5.5, -0.0, std::nan(""), HUGE_VAL, -HUGE_VAL, 1e300};
  return doubles[dice->Below(std::size(doubles))];
}

void FillAttributes(Dice* dice, int depth, google::protobuf::RepeatedPtrField<KeyValue>* attributes);

void FillValue(Dice* dice, int depth, AnyValue* value) {
  switch (dice->Below(depth > 3 ? 6 : 8)) {
    case 0:
      value->set_string_value(kTexts[dice->Below(std::size(kTexts))]);
      return;
    case 1:
      value->set_int_value(SmallInt(dice));
      return;
    case 2:
      value->set_double_value(SomeDouble(dice));
      return;
    case 3:
      value->set_bool_value(dice->OneIn(2));
      return;
    case 4:
      value->set_bytes_value(dice->Bytes(dice->Below(4)));
      return;
    case 5:
      return;  // empty
    case 6:
      value->mutable_array_value();
      for (uint64_t i = dice->Below(3); i > 0; --i)
        FillValue(dice, depth + 1, value->mutable_array_value()->add_values());
      return;
    default:
      value->mutable_kvlist_value();
      FillAttributes(dice, depth + 1, value->mutable_kvlist_value()->mutable_values());
  }
}

void FillAttributes(Dice* dice, int depth, google::protobuf::RepeatedPtrField<KeyValue>* attributes) {
  // What random keys and values would hit too rarely.
  if (dice->OneIn(8)) {
    KeyValue* map = attributes->Add();
    map->set_key("m");
    KeyValue* number = map->mutable_value()->mutable_kvlist_value()->add_values();
    number->set_key("n");
    number->mutable_value()->set_int_value(1 + static_cast<int64_t>(dice->Below(2)));
  }
  if (dice->OneIn(8)) {
    KeyValue* number = attributes->Add();
    number->set_key("n");
    number->mutable_value()->set_int_value(3);
  }
  for (uint64_t i = dice->Below(6); i > 0; --i) {
    KeyValue* pair = attributes->Add();
    pair->set_key(kKeys[dice->Below(std::size(kKeys))]);
    if (!dice->OneIn(10)) FillValue(dice, depth, pair->mutable_value());
  }
}

uint64_t SomeTime(Dice* dice) {
  if (dice->OneIn(20)) return 0;
  if (dice->OneIn(50)) return dice->Word();
  return 1'700'000'000'000'000'000 + dice->Below(2'000'000'000);
}

v1::trace::v1::Span MadeSpan(Dice* dice, const std::string& trace_id) {
  v1::trace::v1::Span span;
  span.set_trace_id(trace_id);
  span.set_span_id(std::string(7, '\1') + static_cast<char>(1 + dice->Below(200)));
  if (!dice->OneIn(3)) span.set_parent_span_id(std::string(8, '\2'));
  if (dice->OneIn(3)) span.set_trace_state("vendor=x");
  span.set_name(dice->OneIn(3) ? "GET /" : kTexts[dice->Below(std::size(kTexts))]);
  span.set_kind(static_cast<v1::trace::v1::Span::SpanKind>(dice->Below(7)));
  span.set_start_time_unix_nano(SomeTime(dice));
  span.set_end_time_unix_nano(SomeTime(dice));
  FillAttributes(dice, 0, span.mutable_attributes());
  if (dice->OneIn(4)) span.set_dropped_attributes_count(static_cast<uint32_t>(dice->Below(3)));
  for (uint64_t i = dice->Below(3); i > 0; --i) {
    auto* event = span.add_events();
    event->set_name(dice->OneIn(2) ? "retry" : "x");
    FillAttributes(dice, 1, event->mutable_attributes());
  }
  for (uint64_t i = dice->Below(3); i > 0; --i) span.add_links()->set_trace_id(trace_id);
  if (!dice->OneIn(3)) {
    span.mutable_status()->set_code(static_cast<v1::trace::v1::Status::StatusCode>(dice->Below(4)));
    if (dice->OneIn(2)) span.mutable_status()->set_message("broken");
  }
  if (dice->OneIn(2)) span.set_flags(static_cast<uint32_t>(dice->Below(4)));
  return span;
}

// The same message in another shape: fields in another order (of one number in their own), some scalars said twice,
// fields that nobody knows.
std::string Reshaped(Dice* dice, const std::string& message) {
  std::vector<std::string> fields;
  WireReader reader(message);
  while (reader.Next()) {
    const char* start = reader.field_start();
    const uint32_t tag = reader.tag();
    reader.Skip();
    const std::string field(start, static_cast<size_t>(reader.position() - start));
    const bool scalar = (tag & 7) != kLengthDelimited || tag == WireTag(5, kLengthDelimited);
    if (scalar && dice->OneIn(8)) fields.push_back(field);
    fields.push_back(field);
    if (dice->OneIn(12)) fields.push_back(WireBuilder().Varint(100 + dice->Below(20), dice->Word()).Bytes());
    if (dice->OneIn(12)) fields.push_back(WireBuilder().Bytes(150, dice->Bytes(dice->Below(6))).Bytes());
  }
  std::string shaped;
  while (!fields.empty()) {
    // One of the next few that is of another number than those before it.
    size_t at = dice->Below(std::min<size_t>(fields.size(), 4));
    for (size_t before = 0; before < at; ++before) {
      if (fields[before][0] == fields[at][0]) at = before;
    }
    shaped += fields[at];
    fields.erase(fields.begin() + static_cast<ptrdiff_t>(at));
  }
  return shaped;
}

}  // namespace

std::string MadeTraces(Dice* dice) {
  std::vector<std::string> traces;
  for (uint64_t i = 1 + dice->Below(4); i > 0; --i) traces.push_back(std::string(15, '\3') + static_cast<char>(i));
  std::string request;
  for (uint64_t r = 1 + dice->Below(2); r > 0; --r) {
    v1::resource::v1::Resource resource;
    FillAttributes(dice, 0, resource.mutable_attributes());
    WireBuilder resource_spans;
    if (!dice->OneIn(5)) resource_spans.Bytes(1, resource.SerializeAsString());
    for (uint64_t s = 1 + dice->Below(2); s > 0; --s) {
      v1::common::v1::InstrumentationScope scope;
      if (dice->OneIn(2)) scope.set_name("lib");
      FillAttributes(dice, 0, scope.mutable_attributes());
      WireBuilder scope_spans;
      if (!dice->OneIn(5)) scope_spans.Bytes(1, scope.SerializeAsString());
      for (uint64_t n = 1 + dice->Below(5); n > 0; --n) {
        const std::string span = MadeSpan(dice, traces[dice->Below(traces.size())]).SerializeAsString();
        scope_spans.Bytes(2, dice->OneIn(3) ? Reshaped(dice, span) : span);
      }
      resource_spans.Bytes(2, scope_spans.Bytes());
    }
    request += WireBuilder().Bytes(1, resource_spans.Bytes()).Bytes();
  }
  return request;
}

}  // namespace tailrace::testing

#include "proto/span_scanner.h"

#include <cstring>

#include "proto/attribute_depth.h"
#include "proto/wire_reader.h"

namespace tailrace {
namespace {

constexpr uint32_t kTraceId = WireTag(1, kLengthDelimited);
constexpr uint32_t kSpanId = WireTag(2, kLengthDelimited);
constexpr uint32_t kTraceState = WireTag(3, kLengthDelimited);
constexpr uint32_t kParentSpanId = WireTag(4, kLengthDelimited);
constexpr uint32_t kName = WireTag(5, kLengthDelimited);
constexpr uint32_t kKind = WireTag(6, kVarint);
constexpr uint32_t kStart = WireTag(7, kFixed64);
constexpr uint32_t kEnd = WireTag(8, kFixed64);
constexpr uint32_t kAttributes = WireTag(9, kLengthDelimited);
constexpr uint32_t kEvents = WireTag(11, kLengthDelimited);
constexpr uint32_t kLinks = WireTag(13, kLengthDelimited);
constexpr uint32_t kStatus = WireTag(15, kLengthDelimited);
constexpr uint32_t kFlags = WireTag(16, kFixed32);

// Wire type of each field of Span by its number; -1: not a field of ours, any will do.
constexpr int8_t kSpanWireTypes[17] = {-1, 2, 2, 2, 2, 2, 0, 1, 1, 2, 0, 2, 0, 2, 0, 2, 5};

// `words` words of eight bytes.
bool AllZero(const char* data, int words) {
  uint64_t any = 0;
  for (int i = 0; i < words; ++i) {
    uint64_t word;
    std::memcpy(&word, data + 8 * i, sizeof(word));
    any |= word;
  }
  return any == 0;
}

// The code of a Status message; false where it is malformed.
bool ReadStatusCode(std::string_view status, uint64_t* code) {
  WireReader reader(status);
  while (reader.Next()) {
    if (reader.tag() == WireTag(3, kVarint)) {
      *code = reader.Varint();
    } else {
      if (reader.field() == 2 && reader.wire_type() != kLengthDelimited) return false;
      if (reader.field() == 3) return false;
      reader.Skip();
    }
  }
  return reader.ok();
}

uint8_t StatusBit(uint64_t code) {
  switch (static_cast<int32_t>(code)) {  // enums are 32 bits wide on the wire too
    case 0:
      return kSeenStatusUnset;
    case 1:
      return kSeenStatusOk;
    case 2:
      return kSeenStatusError;
    default:
      return 0;
  }
}

// Fields that the loop below does not know by tag: unknown ones are skipped, known ones with a wrong wire type refused.
ScanError SkipOther(WireReader* reader) {
  const uint32_t field = reader->field();
  if (field <= 16 && kSpanWireTypes[field] >= 0 &&
      static_cast<uint32_t>(kSpanWireTypes[field]) != reader->wire_type()) {
    return ScanError::kBadWireType;
  }
  reader->Skip();
  return ScanError::kNone;
}

struct SpanFields {
  std::string_view trace_id, span_id, parent, name;
  uint64_t kind = 0;
  uint64_t start_ns = 0;
  uint64_t end_ns = 0;
};

// What SDKs write: ids, name, kind, times and attributes in the order of their numbers. Reads as much as has that form
// and returns where it ends; whatever comes from there on, a fault as well, is for the loop that takes anything. 1.4
// to 1.7 times as fast as that loop alone, because what comes next is known.
const char* ReadUsualFields(std::string_view span, SpanFields* fields) {
  const char* at = span.data();
  const char* const end = at + span.size();
  const auto is = [&](ptrdiff_t offset, uint32_t byte) { return static_cast<uint8_t>(at[offset]) == byte; };
  if (end - at < 28 || !is(0, kTraceId) || !is(1, 16) || !is(18, kSpanId) || !is(19, 8)) return at;
  fields->trace_id = {at + 2, 16};
  fields->span_id = {at + 20, 8};
  at += 28;
  if (end - at >= 10 && is(0, kParentSpanId) && is(1, 8)) {
    fields->parent = {at + 2, 8};
    at += 10;
  }
  if (end - at < 2 || !is(0, kName)) return at;
  const size_t name_size = static_cast<uint8_t>(at[1]);
  if (name_size >= 0x80 || name_size > static_cast<size_t>(end - at) - 2) return at;
  fields->name = {at + 2, name_size};
  at += 2 + name_size;
  if (end - at < 20 || !is(0, kKind) || static_cast<uint8_t>(at[1]) >= 0x80 || !is(2, kStart) || !is(11, kEnd))
    return at;
  fields->kind = static_cast<uint8_t>(at[1]);
  std::memcpy(&fields->start_ns, at + 3, 8);
  std::memcpy(&fields->end_ns, at + 12, 8);
  at += 20;
  while (at < end && is(0, kAttributes)) {
    const char* value = at + 1;
    uint64_t size = 0;
    if (!ReadVarint(&value, end, &size) || size > static_cast<uint64_t>(end - value)) return at;
    const std::string_view attribute(value, size);
    if (CanBeTooDeep(attribute) && KeyValueTooDeep(attribute)) return at;
    at = value + size;
  }
  return at;
}

}  // namespace

std::string_view ToString(ScanError error) {
  switch (error) {
    case ScanError::kNone:
      return "none";
    case ScanError::kTruncated:
      return "the message is cut off, or a length runs past its end";
    case ScanError::kBadTag:
      return "the message holds an invalid field tag or varint";
    case ScanError::kBadWireType:
      return "a field has a wire type that is not its own";
    case ScanError::kTooDeep:
      return "attribute values are nested too deep";
    case ScanError::kTooLarge:
      return "the message is larger than 4 GiB";
    case ScanError::kTooManyHeaders:
      return "the request repeats long resources for too many scopes; send smaller ones";
    case ScanError::kTooManyRuns:
      return "the request holds pieces of too many traces; send smaller ones";
  }
  return "unknown";
}

ScanError ScanSpan(std::string_view span, ScannedSpan* result) {
  SpanFields fields;
  fields.name = span.substr(0, 0);
  uint64_t status_code = 0;
  uint32_t flags = 0;
  uint8_t seen = 0;
  std::string_view bytes;
  const char* const rest = ReadUsualFields(span, &fields);
  WireReader reader(span.substr(static_cast<size_t>(rest - span.data())));
  while (reader.Next()) {
    switch (reader.tag()) {
      case kTraceId:
        fields.trace_id = reader.Bytes();
        break;
      case kSpanId:
        fields.span_id = reader.Bytes();
        break;
      case kParentSpanId:
        fields.parent = reader.Bytes();
        break;
      case kName:
        fields.name = reader.Bytes();
        break;
      case kKind:
        fields.kind = reader.Varint();
        break;
      case kStart:
        fields.start_ns = reader.Fixed64();
        break;
      case kEnd:
        fields.end_ns = reader.Fixed64();
        break;
      case kAttributes:
        if (CanBeTooDeep(bytes = reader.Bytes()) && KeyValueTooDeep(bytes)) return ScanError::kTooDeep;
        break;
      case kEvents:
        if (CanBeTooDeep(bytes = reader.Bytes()) && AttributesTooDeep(bytes, 3)) return ScanError::kTooDeep;
        seen |= kSeenEvents;
        break;
      case kLinks:
        if (CanBeTooDeep(bytes = reader.Bytes()) && AttributesTooDeep(bytes, 4)) return ScanError::kTooDeep;
        break;
      case kStatus:
        if (!ReadStatusCode(reader.Bytes(), &status_code)) return ScanError::kTruncated;
        break;
      case kFlags:
        flags = reader.Fixed32();
        break;
      case kTraceState:
        // The last one wins, so an empty one takes back what was seen.
        seen = static_cast<uint8_t>((seen & kSeenEvents) | (reader.Bytes().empty() ? 0 : kSeenTraceState));
        break;
      default:
        if (const ScanError error = SkipOther(&reader); error != ScanError::kNone) return error;
    }
  }
  if (!reader.ok()) return ScanError::kTruncated;
  const auto& [trace_id, span_id, parent, name, kind, start_ns, end_ns] = fields;
  result->ids_valid =
      trace_id.size() == 16 && span_id.size() == 8 && !AllZero(trace_id.data(), 2) && !AllZero(span_id.data(), 1);
  result->trace_id = trace_id.data();
  result->start_ns = start_ns;
  result->end_ns = end_ns;
  result->name = name;
  result->kind = static_cast<uint32_t>(kind);
  result->status = static_cast<uint32_t>(status_code);
  if (parent.empty()) seen |= kSeenRoot;
  if ((flags & 1) != 0) seen |= kSeenSampledFlag;
  result->seen = static_cast<uint8_t>(seen | StatusBit(status_code));
  return ScanError::kNone;
}

void AddSpanTimes(std::string_view run_bytes, TimeSpan* time) {
  WireReader reader(run_bytes);
  while (reader.Next()) {
    ScannedSpan span;
    if (ScanSpan(reader.Bytes(), &span) == ScanError::kNone) time->Add(span.start_ns, span.end_ns);
  }
}

}  // namespace tailrace

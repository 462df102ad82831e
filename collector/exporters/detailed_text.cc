#include "collector/exporters/detailed_text.h"

#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/printable.h"
#include "collector/exporters/request_view.h"
#include "collector/exporters/value_text.h"
#include "proto/any_value.h"
#include "proto/wire_reader.h"

namespace tailrace {
namespace {

class Text {
 public:
  void Line(const char* head, std::string_view value) {
    out_.append(head);
    AppendPrintable(value, &out_);
    out_.push_back('\n');
  }
  void Number(const char* head, uint64_t number) { absl::StrAppend(&out_, head, number, "\n"); }
  // The four-column block of a span's own fields.
  void Field(const char* name, std::string_view value) {
    absl::StrAppendFormat(&out_, "    %-15s: ", name);
    Line("", value);
  }
  // `indent` stands before the heading and the list.
  void Attributes(const char* indent, const char* heading, const std::vector<std::string_view>& attributes) {
    if (attributes.empty()) return;
    absl::StrAppend(&out_, indent, heading, ":\n");
    for (const std::string_view attribute : attributes) {
      const KeyValue pair = ReadKeyValue(attribute);
      absl::StrAppend(&out_, indent, "     -> ");
      AppendPrintable(pair.key, &out_);
      absl::StrAppend(&out_, ": ", ValueTypeName(pair.value), "(");
      AppendValueText(pair.value, &out_);
      out_.append(")\n");
    }
  }
  std::string Take() { return std::move(out_); }

 private:
  std::string out_;
};

// Span.Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; uint32 dropped = 4; }
void AddEvent(std::string_view bytes, size_t number, Text* text) {
  uint64_t time = 0;
  uint32_t dropped = 0;
  std::string_view name;
  std::vector<std::string_view> attributes;
  WireReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case WireTag(1, kFixed64):
        time = reader.Fixed64();
        break;
      case WireTag(2, kLengthDelimited):
        name = reader.Bytes();
        break;
      case WireTag(3, kLengthDelimited):
        attributes.push_back(reader.Bytes());
        break;
      case WireTag(4, kVarint):
        dropped = static_cast<uint32_t>(reader.Varint());
        break;
      default:
        reader.Skip();
    }
  }
  text->Number("SpanEvent #", number);
  text->Line("     -> Name: ", name);
  text->Line("     -> Timestamp: ", TimeText(time));
  text->Number("     -> DroppedAttributesCount: ", dropped);
  text->Attributes("     ", "-> Attributes:", attributes);
}

// Span.Link { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4;
//   uint32 dropped = 5; }
void AddLink(std::string_view bytes, size_t number, Text* text) {
  uint32_t dropped = 0;
  std::string_view trace_id;
  std::string_view span_id;
  std::string_view trace_state;
  std::vector<std::string_view> attributes;
  WireReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case WireTag(1, kLengthDelimited):
        trace_id = reader.Bytes();
        break;
      case WireTag(2, kLengthDelimited):
        span_id = reader.Bytes();
        break;
      case WireTag(3, kLengthDelimited):
        trace_state = reader.Bytes();
        break;
      case WireTag(4, kLengthDelimited):
        attributes.push_back(reader.Bytes());
        break;
      case WireTag(5, kVarint):
        dropped = static_cast<uint32_t>(reader.Varint());
        break;
      default:
        reader.Skip();
    }
  }
  text->Number("SpanLink #", number);
  text->Line("     -> Trace ID: ", IdText(trace_id));
  text->Line("     -> ID: ", IdText(span_id));
  text->Line("     -> TraceState: ", trace_state);
  text->Number("     -> DroppedAttributesCount: ", dropped);
  text->Attributes("     ", "-> Attributes:", attributes);
}

void AddSpan(const SpanView& span, size_t number, Text* text) {
  text->Number("Span #", number);
  text->Field("Trace ID", IdText(span.trace_id));
  text->Field("Parent ID", IdText(span.parent_id));
  text->Field("ID", IdText(span.span_id));
  text->Field("Name", span.name);
  text->Field("Kind", SpanKindName(span.kind));
  if (!span.trace_state.empty()) text->Field("TraceState", span.trace_state);
  text->Field("Start time", TimeText(span.start_ns));
  text->Field("End time", TimeText(span.end_ns));
  text->Field("Status code", StatusCodeName(span.status_code));
  text->Field("Status message", span.status_message);
  text->Attributes("", "Attributes", span.attributes);
  if (!span.events.empty()) text->Line("Events:", "");
  for (size_t i = 0; i < span.events.size(); ++i) AddEvent(span.events[i], i, text);
  if (!span.links.empty()) text->Line("Links:", "");
  for (size_t i = 0; i < span.links.size(); ++i) AddLink(span.links[i], i, text);
}

}  // namespace

std::string DetailedText(std::string_view export_trace_service_request) {
  const RequestView request = ReadRequest(export_trace_service_request);
  Text text;
  for (size_t i = 0; i < request.resources.size(); ++i) {
    const ResourceView& resource = request.resources[i];
    text.Number("ResourceSpans #", i);
    text.Line("Resource SchemaURL: ", resource.schema_url);
    text.Attributes("", "Resource attributes", resource.attributes);
    for (size_t j = 0; j < resource.scopes.size(); ++j) {
      const ScopeView& scope = resource.scopes[j];
      text.Number("ScopeSpans #", j);
      text.Line("ScopeSpans SchemaURL: ", scope.schema_url);
      text.Line("InstrumentationScope ", std::string(scope.name) + " " + std::string(scope.version));
      text.Attributes("", "InstrumentationScope attributes", scope.attributes);
      for (size_t k = 0; k < scope.spans.size(); ++k) AddSpan(scope.spans[k], k, &text);
    }
  }
  return text.Take();
}

}  // namespace tailrace

#include "collector/admin/jaeger_json.h"

#include <map>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "collector/admin/json_writer.h"
#include "collector/shard/framed_spans.h"
#include "processors/spans/span_view.h"
#include "proto/any_value.h"
#include "proto/json_writer.h"
#include "proto/service_name.h"

namespace tailrace {
namespace {

constexpr uint64_t kNsPerUs = 1000;

std::string Hex(std::string_view bytes) { return absl::BytesToHexString({bytes.data(), bytes.size()}); }

template <class Value>
void WriteTag(std::string_view key, const char* type, const Value& value, JsonWriter* json) {
  json->Object([&] {
    json->Field("key", key);
    json->Field("type", type);
    json->Field("value", value);
  });
}

// One KeyValue message. Lists and maps become text, as Jaeger knows neither.
void WriteAttribute(std::string_view key_value, JsonWriter* json) {
  const KeyValue pair = ReadKeyValue(key_value);
  const AnyValue value = ReadAnyValue(pair.value);
  switch (value.kind) {
    case AnyKind::kString:
      return WriteTag(pair.key, "string", value.bytes, json);
    case AnyKind::kBool:
      return WriteTag(pair.key, "bool", value.boolean, json);
    case AnyKind::kInt:
      return WriteTag(pair.key, "int64", value.integer, json);
    case AnyKind::kDouble:
      return WriteTag(pair.key, "float64", value.number, json);
    case AnyKind::kBytes:
      return WriteTag(pair.key, "binary", absl::Base64Escape({value.bytes.data(), value.bytes.size()}), json);
    case AnyKind::kEmpty:
      return WriteTag(pair.key, "string", "", json);
    case AnyKind::kArray:
    case AnyKind::kMap:
      break;
  }
  std::string text;
  if (!WriteAnyValueJson(pair.value, &text)) text.clear();
  WriteTag(pair.key, "string", text, json);
}

// Calls `use` with the content of each length-delimited field of that number.
template <class Use>
void ForEach(std::string_view message, uint32_t field, Use use) {
  WireReader reader(message);
  while (reader.Next()) {
    if (reader.tag() == WireTag(field, kLengthDelimited)) {
      use(reader.Bytes());
    } else {
      reader.Skip();
    }
  }
}

void WriteAttributes(std::string_view message, uint32_t field, JsonWriter* json) {
  ForEach(message, field, [json](std::string_view key_value) { WriteAttribute(key_value, json); });
}

// InstrumentationScope { name = 1, version = 2 } in field 1 of a ScopeSpans.
void WriteScope(std::string_view scope_fields, JsonWriter* json) {
  ForEach(scope_fields, 1, [json](std::string_view scope) {
    ForEach(scope, 1, [json](std::string_view name) {
      if (!name.empty()) WriteTag("otel.scope.name", "string", name, json);
    });
    ForEach(scope, 2, [json](std::string_view version) {
      if (!version.empty()) WriteTag("otel.scope.version", "string", version, json);
    });
  });
}

const char* KindName(int32_t kind) {
  static constexpr const char* kNames[] = {nullptr, "internal", "server", "client", "producer", "consumer"};
  return kind > 0 && kind < 6 ? kNames[kind] : nullptr;
}

void WriteTags(SpanView* span, JsonWriter* json) {
  const SpanFields& fields = span->fields();
  WriteScope(span->stored().scope, json);
  WriteAttributes(span->stored().span, 9, json);
  if (const char* kind = KindName(fields.kind)) WriteTag("span.kind", "string", kind, json);
  if (fields.status_code == 1) WriteTag("otel.status_code", "string", "OK", json);
  if (fields.status_code == 2) {
    WriteTag("otel.status_code", "string", "ERROR", json);
    WriteTag("error", "bool", true, json);
  }
  if (!fields.status_message.empty()) WriteTag("otel.status_description", "string", fields.status_message, json);
  if (!fields.trace_state.empty()) WriteTag("w3c.tracestate", "string", fields.trace_state, json);
}

void WriteReference(const char* type, std::string_view trace_id, std::string_view span_id, JsonWriter* json) {
  json->Object([&] {
    json->Field("refType", type);
    json->Field("traceID", Hex(trace_id));
    json->Field("spanID", Hex(span_id));
  });
}

// The parent, and each Link { trace_id = 1, span_id = 2 }.
void WriteReferences(SpanView* span, JsonWriter* json) {
  const SpanFields& fields = span->fields();
  if (!fields.parent_span_id.empty()) WriteReference("CHILD_OF", fields.trace_id, fields.parent_span_id, json);
  ForEach(span->stored().span, 13, [&](std::string_view link) {
    std::string_view trace_id, span_id;
    ForEach(link, 1, [&](std::string_view id) { trace_id = id; });
    ForEach(link, 2, [&](std::string_view id) { span_id = id; });
    WriteReference("FOLLOWS_FROM", trace_id, span_id, json);
  });
}

void WriteLogs(SpanView* span, JsonWriter* json) {
  uint32_t index = 0;
  ForEach(span->stored().span, 11, [&](std::string_view event) {
    span->SetEvent(event, index++);
    json->Object([&] {
      json->Field("timestamp", span->event().time_ns / kNsPerUs);
      json->Key("fields").Array([&] {
        if (!span->event().name.empty()) WriteTag("event", "string", span->event().name, json);
        WriteAttributes(event, 3, json);
      });
    });
  });
}

void WriteSpan(SpanView* span, const std::string& process, JsonWriter* json) {
  const SpanFields& fields = span->fields();
  const uint64_t duration_ns = fields.end_ns > fields.start_ns ? fields.end_ns - fields.start_ns : 0;
  json->Object([&] {
    json->Field("traceID", Hex(fields.trace_id));
    json->Field("spanID", Hex(fields.span_id));
    json->Field("flags", fields.flags & 0xFF);
    json->Field("operationName", fields.name);
    json->Key("references").Array([&] { WriteReferences(span, json); });
    json->Field("startTime", fields.start_ns / kNsPerUs);
    json->Field("duration", duration_ns / kNsPerUs);
    json->Key("tags").Array([&] { WriteTags(span, json); });
    json->Key("logs").Array([&] { WriteLogs(span, json); });
    json->Field("processID", process);
    json->Field("warnings", nullptr);
  });
}

// Each distinct resource, with its name in the answer.
using Processes = std::map<std::string, std::string, std::less<>>;

// Resource { attributes = 1 } in field 1 of a ResourceSpans.
void WriteProcess(std::string_view resource_fields, JsonWriter* json) {
  json->Object([&] {
    json->Field("serviceName", ServiceNameOf(resource_fields));
    json->Key("tags").Array([&] {
      ForEach(resource_fields, 1, [json](std::string_view resource) {
        ForEach(resource, 1, [json](std::string_view key_value) {
          if (ReadKeyValue(key_value).key != "service.name") WriteAttribute(key_value, json);
        });
      });
    });
  });
}

void WriteTrace(std::string_view request, JsonWriter* json) {
  Processes processes;
  std::string trace_id;
  const AttributeKeys no_keys;
  json->Object([&] {
    json->Key("spans").Array([&] {
      SpanView view(&no_keys);
      view.Begin();
      FramedSpans spans(request);
      StoredSpan span;
      while (spans.Next(&span)) {
        view.Reset(span);
        const auto found = processes.emplace(span.resource, absl::StrCat("p", processes.size() + 1)).first;
        if (trace_id.empty()) trace_id = Hex(view.fields().trace_id);
        WriteSpan(&view, found->second, json);
      }
    });
    json->Field("traceID", trace_id);
    json->Key("processes").Object([&] {
      for (const auto& [resource, name] : processes) {
        json->Key(name);
        WriteProcess(resource, json);
      }
    });
    json->Field("warnings", nullptr);
  });
}

}  // namespace

std::string JaegerJson(std::string_view request) {
  JsonWriter json;
  json.Object([&] {
    json.Key("data").Array([&] { WriteTrace(request, &json); });
    json.Field("total", 0);
    json.Field("limit", 0);
    json.Field("offset", 0);
    json.Field("errors", nullptr);
  });
  return json.Take();
}

}  // namespace tailrace

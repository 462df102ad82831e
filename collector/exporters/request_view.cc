#include "collector/exporters/request_view.h"

#include <array>

#include "proto/any_value.h"
#include "proto/wire_reader.h"

namespace tailrace {
namespace {

constexpr std::array<const char*, 6> kKindNames = {"Unspecified", "Internal", "Server",
                                                   "Client",      "Producer", "Consumer"};
constexpr std::array<const char*, 3> kCodeNames = {"Unset", "Ok", "Error"};

// The repeated attributes of a Resource or a scope.
void ReadAttributes(std::string_view bytes, uint32_t field, std::vector<std::string_view>* attributes) {
  WireReader reader(bytes);
  while (reader.Next()) {
    if (reader.tag() == WireTag(field, kLengthDelimited)) {
      attributes->push_back(reader.Bytes());
    } else {
      reader.Skip();
    }
  }
}

void ReadStatus(std::string_view bytes, SpanView* span) {
  WireReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case WireTag(2, kLengthDelimited):
        span->status_message = reader.Bytes();
        break;
      case WireTag(3, kVarint):
        span->status_code = static_cast<int32_t>(reader.Varint());
        break;
      default:
        reader.Skip();
    }
  }
}

SpanView ReadSpan(std::string_view bytes) {
  SpanView span;
  WireReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case WireTag(1, kLengthDelimited):
        span.trace_id = reader.Bytes();
        break;
      case WireTag(2, kLengthDelimited):
        span.span_id = reader.Bytes();
        break;
      case WireTag(3, kLengthDelimited):
        span.trace_state = reader.Bytes();
        break;
      case WireTag(4, kLengthDelimited):
        span.parent_id = reader.Bytes();
        break;
      case WireTag(5, kLengthDelimited):
        span.name = reader.Bytes();
        break;
      case WireTag(6, kVarint):
        span.kind = static_cast<int32_t>(reader.Varint());
        break;
      case WireTag(7, kFixed64):
        span.start_ns = reader.Fixed64();
        break;
      case WireTag(8, kFixed64):
        span.end_ns = reader.Fixed64();
        break;
      case WireTag(9, kLengthDelimited):
        span.attributes.push_back(reader.Bytes());
        break;
      case WireTag(11, kLengthDelimited):
        span.events.push_back(reader.Bytes());
        break;
      case WireTag(13, kLengthDelimited):
        span.links.push_back(reader.Bytes());
        break;
      case WireTag(15, kLengthDelimited):
        ReadStatus(reader.Bytes(), &span);
        break;
      default:
        reader.Skip();
    }
  }
  return span;
}

void ReadScope(std::string_view bytes, ScopeView* scope) {
  WireReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case WireTag(1, kLengthDelimited):
        scope->name = reader.Bytes();
        break;
      case WireTag(2, kLengthDelimited):
        scope->version = reader.Bytes();
        break;
      default:
        reader.Skip();
    }
  }
  ReadAttributes(bytes, 3, &scope->attributes);
}

ScopeView ReadScopeSpans(std::string_view bytes) {
  ScopeView scope;
  WireReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case WireTag(1, kLengthDelimited):
        ReadScope(reader.Bytes(), &scope);
        break;
      case WireTag(2, kLengthDelimited):
        scope.spans.push_back(ReadSpan(reader.Bytes()));
        break;
      case WireTag(3, kLengthDelimited):
        scope.schema_url = reader.Bytes();
        break;
      default:
        reader.Skip();
    }
  }
  return scope;
}

ResourceView ReadResourceSpans(std::string_view bytes) {
  ResourceView resource;
  WireReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case WireTag(1, kLengthDelimited):
        ReadAttributes(reader.Bytes(), 1, &resource.attributes);
        break;
      case WireTag(2, kLengthDelimited):
        resource.scopes.push_back(ReadScopeSpans(reader.Bytes()));
        break;
      case WireTag(3, kLengthDelimited):
        resource.schema_url = reader.Bytes();
        break;
      default:
        reader.Skip();
    }
  }
  return resource;
}

}  // namespace

RequestView ReadRequest(std::string_view export_trace_service_request) {
  RequestView request;
  WireReader reader(export_trace_service_request);
  while (reader.Next()) {
    if (reader.tag() == WireTag(1, kLengthDelimited)) {
      request.resources.push_back(ReadResourceSpans(reader.Bytes()));
    } else {
      reader.Skip();
    }
  }
  return request;
}

std::string_view FindString(const std::vector<std::string_view>& attributes, std::string_view key) {
  for (const std::string_view attribute : attributes) {
    const KeyValue pair = ReadKeyValue(attribute);
    if (pair.key != key) continue;
    if (const AnyValue value = ReadAnyValue(pair.value); value.kind == AnyKind::kString) return value.bytes;
  }
  return {};
}

const char* SpanKindName(int32_t kind) {
  return kind >= 0 && static_cast<size_t>(kind) < kKindNames.size() ? kKindNames[kind] : "";
}

const char* StatusCodeName(int32_t code) {
  return code >= 0 && static_cast<size_t>(code) < kCodeNames.size() ? kCodeNames[code] : "";
}

}  // namespace tailrace

#include "collector/exporters/balancing/routing_keys.h"

#include <array>
#include <optional>

#include "processors/ottl/compiler/from_wire.h"
#include "processors/ottl/json_text.h"
#include "proto/any_value.h"
#include "proto/wire_reader.h"

namespace tailrace {
namespace {

constexpr std::string_view kSpanKind = "span.kind";
constexpr std::string_view kSpanName = "span.name";

// The last field `tag` of a message, as a message or a text.
std::optional<std::string_view> Field(std::string_view message, uint32_t tag) {
  std::optional<std::string_view> found;
  WireReader reader(message);
  while (reader.Next()) {
    if (reader.tag() == tag) {
      found = reader.Bytes();
    } else {
      reader.Skip();
    }
  }
  return found;
}

// The first attribute of that name among the KeyValue fields `tag`: its AnyValue message.
std::optional<std::string_view> Attribute(std::string_view message, uint32_t tag, std::string_view name) {
  WireReader reader(message);
  while (reader.Next()) {
    if (reader.tag() != tag) {
      reader.Skip();
    } else if (const KeyValue attribute = ReadKeyValue(reader.Bytes()); attribute.key == name) {
      return attribute.value;
    }
  }
  return std::nullopt;
}

std::string_view KindOf(std::string_view span) {
  constexpr std::array<std::string_view, 6> kKinds = {"Unspecified", "Internal", "Server",
                                                      "Client",      "Producer", "Consumer"};
  uint64_t kind = 0;
  WireReader reader(span);
  while (reader.Next()) {
    if (reader.tag() == WireTag(6, kVarint)) {
      kind = reader.Varint();
    } else {
      reader.Skip();
    }
  }
  return kind < kKinds.size() ? kKinds[kind] : std::string_view();
}

// The first span of a run.
std::string_view FirstSpan(std::string_view request, const SpanRun& run) {
  WireReader reader(request.substr(run.bytes.offset, run.bytes.size));
  return reader.Next() ? reader.Bytes() : std::string_view();
}

// As the Collector shows a value.
void AppendValue(std::string_view any_value, std::string* text) {
  if (const AnyValue value = ReadAnyValue(any_value); value.kind == AnyKind::kString) {
    text->append(value.bytes);
    return;
  }
  ottl::Evaluation evaluation;
  ottl::Value value;
  if (ottl::FromWire(any_value, &evaluation, &value)) text->append(ottl::AsString(value));
}

// Where an attribute of a run may stand, nearest to the resource first.
struct Layers {
  std::string_view resource;
  std::string_view scope;
  std::string_view span;
};

void AppendAttribute(const Layers& layers, std::string_view name, std::string* text) {
  text->append(name).append("=");
  constexpr uint32_t kAttributes = WireTag(1, kLengthDelimited);
  constexpr uint32_t kScopeAttributes = WireTag(3, kLengthDelimited);
  constexpr uint32_t kSpanAttributes = WireTag(9, kLengthDelimited);
  if (const auto of_resource = Attribute(layers.resource, kAttributes, name)) {
    AppendValue(*of_resource, text);
  } else if (const auto of_scope = Attribute(layers.scope, kScopeAttributes, name)) {
    AppendValue(*of_scope, text);
  } else if (name == kSpanKind) {
    text->append(KindOf(layers.span));
  } else if (name == kSpanName) {
    text->append(Field(layers.span, WireTag(5, kLengthDelimited)).value_or(""));
  } else if (const auto of_span = Attribute(layers.span, kSpanAttributes, name)) {
    AppendValue(*of_span, text);
  }
  text->append("|");
}

}  // namespace

RoutingKeys::RoutingKeys(const config::LoadBalancingConfig& config) {
  if (config.routing_key == config::RoutingKey::kService) attributes_ = {"service.name"};
  if (config.routing_key == config::RoutingKey::kAttributes) attributes_ = config.routing_attributes;
}

std::string_view RoutingKeys::KeyOf(std::string_view request, const ScannedRequest& scanned, const SpanRun& run,
                                    std::string* text) const {
  if (by_trace_id()) return run.trace_id.view();
  const ScopeHeader& header = scanned.headers[run.header];
  constexpr uint32_t kFirst = WireTag(1, kLengthDelimited);  // ResourceSpans.resource, ScopeSpans.scope
  Layers layers;
  layers.resource = Field(scanned.Resource(request, header), kFirst).value_or("");
  layers.scope = Field(scanned.Scope(request, header), kFirst).value_or("");
  layers.span = FirstSpan(request, run);
  text->clear();
  for (const std::string& name : attributes_) AppendAttribute(layers, name, text);
  return *text;
}

}  // namespace tailrace

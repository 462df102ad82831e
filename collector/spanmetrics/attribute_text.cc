#include "collector/spanmetrics/attribute_text.h"

#include "collector/exporters/value_text.h"
#include "proto/any_value.h"
#include "proto/wire_reader.h"

namespace tailrace {
namespace {

constexpr uint32_t kSpanAttributes = WireTag(9, kLengthDelimited);
constexpr uint32_t kEventAttributes = WireTag(3, kLengthDelimited);
constexpr uint32_t kResource = WireTag(1, kLengthDelimited);  // of a ResourceSpans
constexpr uint32_t kResourceAttributes = WireTag(1, kLengthDelimited);

// Calls `visit` with each KeyValue under `tag`, until it returns false.
template <typename Visit>
bool ForEachAttribute(std::string_view message, uint32_t tag, Visit visit) {
  WireReader fields(message);
  while (fields.Next()) {
    if (fields.tag() != tag) {
      fields.Skip();
    } else if (!visit(ReadKeyValue(fields.Bytes()))) {
      return false;
    }
  }
  return true;
}

template <typename Visit>
void ForEachResourceAttribute(std::string_view resource, Visit visit) {
  WireReader fields(resource);
  while (fields.Next()) {
    if (fields.tag() != kResource) {
      fields.Skip();
    } else if (!ForEachAttribute(fields.Bytes(), kResourceAttributes, visit)) {
      return;
    }
  }
}

std::optional<std::string_view> FindAttribute(std::string_view message, uint32_t tag, std::string_view key) {
  std::optional<std::string_view> found;
  ForEachAttribute(message, tag, [&](const KeyValue& attribute) {
    if (attribute.key == key) found = attribute.value;
    return !found.has_value();
  });
  return found;
}

}  // namespace

void AppendAttributeText(std::string_view any_value, std::string* out) {
  const AnyValue value = ReadAnyValue(any_value);
  if (value.kind == AnyKind::kString) {
    out->append(value.bytes);
  } else {
    AppendValueText(any_value, out);
  }
}

SeriesLabels ResourceAttributes(std::string_view resource) {
  SeriesLabels labels;
  ForEachResourceAttribute(resource, [&labels](const KeyValue& attribute) {
    std::string text;
    AppendAttributeText(attribute.value, &text);
    labels.emplace_back(attribute.key, std::move(text));
    return true;
  });
  return labels;
}

std::optional<std::string_view> SpanAttribute(std::string_view span, std::string_view key) {
  return FindAttribute(span, kSpanAttributes, key);
}

std::optional<std::string_view> ResourceAttribute(std::string_view resource, std::string_view key) {
  std::optional<std::string_view> found;
  ForEachResourceAttribute(resource, [&](const KeyValue& attribute) {
    if (attribute.key == key) found = attribute.value;
    return !found.has_value();
  });
  return found;
}

std::optional<std::string_view> EventAttribute(std::string_view event, std::string_view key) {
  std::optional<std::string_view> found;
  ForEachAttribute(event, kEventAttributes, [&](const KeyValue& attribute) {
    if (attribute.key == key) found = attribute.value;
    return true;
  });
  return found;
}

}  // namespace tailrace

// Attributes as the labels of series: values in the text that the Collector's AsString() gives them. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "collector/spanmetrics/series_registry.h"

namespace tailrace {

// `any_value`: an AnyValue message.
void AppendAttributeText(std::string_view any_value, std::string* out);

// The attributes of a resource, in the order in which they stand; `resource` as ScopeHeader has it.
SeriesLabels ResourceAttributes(std::string_view resource);

// The value of the span's attribute `key`, an AnyValue message; null where there is none. Of two the first, as in the
// Collector. `span`: a Span message.
std::optional<std::string_view> SpanAttribute(std::string_view span, std::string_view key);
// The same of a resource.
std::optional<std::string_view> ResourceAttribute(std::string_view resource, std::string_view key);
// The same of an event, but of two the last: the Collector lays an event's attributes over the resource's, one by one.
// `event`: an Event message.
std::optional<std::string_view> EventAttribute(std::string_view event, std::string_view key);

}  // namespace tailrace

#include "collector/spanmetrics/dimension_values.h"

#include "collector/spanmetrics/attribute_text.h"

namespace tailrace {

DimensionValues::DimensionValues(const std::vector<config::Dimension>& dimensions, uint64_t hash_key)
    : dimensions_(dimensions), hash_key_(hash_key) {
  for (const config::Dimension& dimension : dimensions) {
    Value& value = defaults_.emplace_back();
    if (!dimension.fallback.has_value()) continue;
    value.hash = HashBytes(*dimension.fallback, hash_key_);
    value.text_size = dimension.fallback->size();
  }
  of_resource_ = now_ = defaults_;
}

void DimensionValues::SetResource(std::string_view resource) {
  for (size_t i = 0; i < of_resource_.size(); ++i) {
    const auto found = ResourceAttribute(resource, dimensions_[i].name);
    of_resource_[i] = found.has_value() ? Read(*found) : defaults_[i];
  }
}

DimensionValues::Value DimensionValues::Read(std::string_view any_value) {
  text_.clear();
  AppendAttributeText(any_value, &text_);
  return {any_value, HashBytes(text_, hash_key_), text_.size()};
}

DimensionValues::Value DimensionValues::OfSpan(size_t dimension, std::string_view span) {
  const auto found = SpanAttribute(span, dimensions_[dimension].name);
  if (!found.has_value()) return of_resource_[dimension];
  Value value = Read(*found);
  value.of_span = true;
  return value;
}

DimensionValues::Value DimensionValues::OfEvent(size_t dimension, std::string_view event) {
  const auto found = EventAttribute(event, dimensions_[dimension].name);
  return found.has_value() ? Read(*found) : of_resource_[dimension];
}

void DimensionValues::AppendTo(SeriesLabels* labels) const {
  for (size_t i = 0; i < now_.size(); ++i) {
    if (now_[i].hash == 0) continue;
    std::string text;
    if (now_[i].found.has_value()) {
      AppendAttributeText(*now_[i].found, &text);
    } else {
      text = *dimensions_[i].fallback;
    }
    labels->emplace_back(dimensions_[i].name, std::move(text));
  }
}

uint64_t DimensionValues::LabelBytes() const {
  uint64_t bytes = 0;
  for (size_t i = 0; i < now_.size(); ++i) {
    if (now_[i].hash != 0) bytes += SeriesRegistry::BytesOfLabel(dimensions_[i].name.size(), now_[i].text_size);
  }
  return bytes;
}

}  // namespace tailrace

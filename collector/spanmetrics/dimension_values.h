// DimensionValues: what the dimensions of a connector's series are for the span, or the event of a span, that is being
// counted. Each is looked for in the span's attributes, then in the event's, then in the resource's; where none has it
// it is the default, or missing. So does the Collector.
//
// What holds for many is looked up once: a resource's values for all of its spans, a span's for all of its events. So
// the time is linear in the bytes of a request, whatever stands in it.
//
// Single-writer. Allocates at the start, and for a text that is longer than any before. It points into the bytes that
// it was given, which must stay until others take their place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "collector/spanmetrics/series_registry.h"
#include "config/metrics_model.h"

namespace tailrace {

class DimensionValues {
 public:
  // `dimensions` outlive this.
  DimensionValues(const std::vector<config::Dimension>& dimensions, uint64_t hash_key);

  // A resource as ScopeHeader has it, then a Span of it, then an Event of the span.
  void SetResource(std::string_view resource);
  void SetSpan(std::string_view span) {
    for (size_t i = 0; i < now_.size(); ++i) now_[i] = OfSpan(i, span);
  }
  void SetEvent(std::string_view event) {
    for (size_t i = 0; i < now_.size(); ++i) {
      if (!now_[i].of_span) now_[i] = OfEvent(i, event);
    }
  }

  // The key of a series that the values tell apart from others of the same operation; never 0.
  uint64_t KeyOf(uint64_t operation_key) const {
    uint64_t key = operation_key;
    for (const Value& value : now_) key = MultiplyFold(key ^ value.hash, 0x9E3779B97F4A7C15ULL);
    return key == 0 ? 1 : key;
  }
  void AppendTo(SeriesLabels* labels) const;
  // What those labels take, see SeriesRegistry::BytesOfLabel().
  uint64_t LabelBytes() const;

 private:
  struct Value {
    std::optional<std::string_view> found;  // an AnyValue message; none: the default, where there is one
    uint64_t hash = 0;                      // of the text; 0: missing
    size_t text_size = 0;
    bool of_span = false;
  };
  Value Read(std::string_view any_value);
  Value OfSpan(size_t dimension, std::string_view span);
  Value OfEvent(size_t dimension, std::string_view event);

  const std::vector<config::Dimension>& dimensions_;
  const uint64_t hash_key_;
  std::vector<Value> defaults_;     // by dimension
  std::vector<Value> of_resource_;  // likewise, or the default
  std::vector<Value> now_;          // likewise
  std::string text_;                // scratch
};

}  // namespace tailrace

// SpanView: one stored span as the policies read it: its fields, and the attributes that some policy asks for, of the
// span, its resource, its scope and one of its events. Read from the wire bytes at the first question and no earlier;
// what belongs to resource and scope is kept while the next span has the same.
//
// Single-writer; nothing is allocated once the slots have grown to the number of keys. All text points into the bytes
// of the StoredSpan.
#pragma once

#include <cstdint>
#include <string_view>

#include "processors/spans/attribute_keys.h"
#include "processors/spans/stored_span.h"

namespace tailrace {

// The fields of a Span message beside its attributes, events and links; the last one counts where a field comes twice.
struct SpanFields {
  std::string_view trace_id;
  std::string_view span_id;
  std::string_view parent_span_id;
  std::string_view trace_state;
  std::string_view name;
  std::string_view status_message;
  uint64_t start_ns = 0;
  uint64_t end_ns = 0;
  int32_t kind = 0;
  int32_t status_code = 0;
  uint32_t flags = 0;
  uint32_t dropped_attributes = 0;
  uint32_t dropped_events = 0;
  uint32_t dropped_links = 0;
  uint32_t event_count = 0;
  uint32_t link_count = 0;
};

struct EventFields {
  std::string_view name;
  uint64_t time_ns = 0;
  uint32_t dropped_attributes = 0;
};

class SpanView {
 public:
  // `keys` may still grow until the first Reset().
  explicit SpanView(const AttributeKeys* keys)
      : span_attributes_(keys), resource_attributes_(keys), scope_attributes_(keys), event_attributes_(keys) {}

  // A new trace: what is known of resource and scope is forgotten.
  void Begin() { has_header_ = false; }
  void Reset(const StoredSpan& span);
  // One Event message of the span (see ForEachEvent) for the event questions.
  void SetEvent(std::string_view event, uint32_t index);

  const StoredSpan& stored() const { return stored_; }
  // Another one with each span whose header is not that of the span before; never 0 after Reset().
  uint64_t resource_serial() const { return resource_serial_; }
  const SpanFields& fields() {
    if (!span_read_) ReadSpan();
    return fields_;
  }
  const EventFields& event() {
    if (!event_read_) ReadEvent();
    return event_fields_;
  }
  std::string_view event_bytes() const { return event_; }
  uint32_t event_index() const { return event_index_; }

  // AnyValue messages; null data where the key is missing. `key` is an AttributeKeys number.
  std::string_view SpanAttribute(uint32_t key) {
    wants_attributes_ = true;
    if (!span_read_) ReadSpan();
    if (!attributes_read_) ReadSpanAttributes();
    return span_attributes_.Get(key);
  }
  std::string_view ResourceAttribute(uint32_t key) {
    if (!resource_read_) ReadResource();
    return resource_attributes_.Get(key);
  }
  std::string_view ScopeAttribute(uint32_t key) {
    if (!scope_read_) ReadScope();
    return scope_attributes_.Get(key);
  }
  std::string_view EventAttribute(uint32_t key) {
    if (!event_read_) ReadEvent();
    return event_attributes_.Get(key);
  }

 private:
  void ReadSpan();
  void ReadSpanAttributes();
  void ReadResource();
  void ReadScope();
  void ReadEvent();

  StoredSpan stored_;
  uint64_t resource_serial_ = 0;
  bool has_header_ = false;
  bool span_read_ = false;
  bool attributes_read_ = false;   // of the span
  bool wants_attributes_ = false;  // somebody asked for some of a span: those that follow are read in one walk
  bool resource_read_ = false;
  bool scope_read_ = false;
  bool event_read_ = false;
  SpanFields fields_;
  EventFields event_fields_;
  std::string_view event_;
  uint32_t event_index_ = 0;
  AttributeSlots span_attributes_;
  AttributeSlots resource_attributes_;
  AttributeSlots scope_attributes_;
  AttributeSlots event_attributes_;
};

}  // namespace tailrace

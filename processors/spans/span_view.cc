#include "processors/spans/span_view.h"

#include "proto/wire_reader.h"

namespace tailrace {
namespace {

void ReadStatus(std::string_view status, SpanFields* fields) {
  WireReader reader(status);
  while (reader.Next()) {
    switch (reader.tag()) {
      case WireTag(2, kLengthDelimited):
        fields->status_message = reader.Bytes();
        break;
      case WireTag(3, kVarint):
        fields->status_code = static_cast<int32_t>(reader.Varint());
        break;
      default:
        reader.Skip();
    }
  }
}

// Adds the attributes (field `attributes_field`) of every message in field `message_field` of `bytes`.
void AddAttributes(std::string_view bytes, uint32_t message_field, uint32_t attributes_field, AttributeSlots* slots) {
  WireReader outer(bytes);
  while (outer.Next()) {
    if (outer.tag() != WireTag(message_field, kLengthDelimited)) {
      outer.Skip();
      continue;
    }
    WireReader inner(outer.Bytes());
    while (inner.Next()) {
      if (inner.tag() == WireTag(attributes_field, kLengthDelimited)) {
        slots->Add(inner.Bytes());
      } else {
        inner.Skip();
      }
    }
  }
}

}  // namespace

void SpanView::Reset(const StoredSpan& span) {
  if (!has_header_ || span.header != stored_.header) {
    resource_read_ = scope_read_ = false;
    ++resource_serial_;
    has_header_ = true;
  }
  stored_ = span;
  span_read_ = false;
}

void SpanView::SetEvent(std::string_view event, uint32_t index) {
  event_ = event;
  event_index_ = index;
  event_read_ = false;
}

void SpanView::ReadSpanAttributes() {
  attributes_read_ = true;
  span_attributes_.Clear();
  WireReader reader(stored_.span);
  while (reader.Next()) {
    if (reader.tag() == WireTag(9, kLengthDelimited)) {
      span_attributes_.Add(reader.Bytes());
    } else {
      reader.Skip();
    }
  }
}

void SpanView::ReadSpan() {
  span_read_ = true;
  fields_ = SpanFields();
  attributes_read_ = wants_attributes_;
  if (wants_attributes_) span_attributes_.Clear();
  WireReader reader(stored_.span);
  while (reader.Next()) {
    switch (reader.tag()) {
      case WireTag(1, kLengthDelimited):
        fields_.trace_id = reader.Bytes();
        break;
      case WireTag(2, kLengthDelimited):
        fields_.span_id = reader.Bytes();
        break;
      case WireTag(3, kLengthDelimited):
        fields_.trace_state = reader.Bytes();
        break;
      case WireTag(4, kLengthDelimited):
        fields_.parent_span_id = reader.Bytes();
        break;
      case WireTag(5, kLengthDelimited):
        fields_.name = reader.Bytes();
        break;
      case WireTag(6, kVarint):
        fields_.kind = static_cast<int32_t>(reader.Varint());
        break;
      case WireTag(7, kFixed64):
        fields_.start_ns = reader.Fixed64();
        break;
      case WireTag(8, kFixed64):
        fields_.end_ns = reader.Fixed64();
        break;
      case WireTag(9, kLengthDelimited):
        if (wants_attributes_) {
          span_attributes_.Add(reader.Bytes());
        } else {
          reader.Skip();
        }
        break;
      case WireTag(10, kVarint):
        fields_.dropped_attributes = static_cast<uint32_t>(reader.Varint());
        break;
      case WireTag(11, kLengthDelimited):
        ++fields_.event_count;
        reader.Skip();
        break;
      case WireTag(12, kVarint):
        fields_.dropped_events = static_cast<uint32_t>(reader.Varint());
        break;
      case WireTag(13, kLengthDelimited):
        ++fields_.link_count;
        reader.Skip();
        break;
      case WireTag(14, kVarint):
        fields_.dropped_links = static_cast<uint32_t>(reader.Varint());
        break;
      case WireTag(15, kLengthDelimited):
        ReadStatus(reader.Bytes(), &fields_);
        break;
      case WireTag(16, kFixed32):
        fields_.flags = reader.Fixed32();
        break;
      default:
        reader.Skip();
    }
  }
}

void SpanView::ReadResource() {
  resource_read_ = true;
  resource_attributes_.Clear();
  AddAttributes(stored_.resource, 1, 1, &resource_attributes_);
}

void SpanView::ReadScope() {
  scope_read_ = true;
  scope_attributes_.Clear();
  AddAttributes(stored_.scope, 1, 3, &scope_attributes_);
}

void SpanView::ReadEvent() {
  event_read_ = true;
  event_fields_ = EventFields();
  event_attributes_.Clear();
  WireReader reader(event_);
  while (reader.Next()) {
    switch (reader.tag()) {
      case WireTag(1, kFixed64):
        event_fields_.time_ns = reader.Fixed64();
        break;
      case WireTag(2, kLengthDelimited):
        event_fields_.name = reader.Bytes();
        break;
      case WireTag(3, kLengthDelimited):
        event_attributes_.Add(reader.Bytes());
        break;
      case WireTag(4, kVarint):
        event_fields_.dropped_attributes = static_cast<uint32_t>(reader.Varint());
        break;
      default:
        reader.Skip();
    }
  }
}

}  // namespace tailrace

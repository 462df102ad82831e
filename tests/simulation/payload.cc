#include "tests/simulation/payload.h"

namespace tailrace::simulation {
namespace {

bool TakeVarint(std::string_view* bytes, uint64_t* value) {
  *value = 0;
  for (uint32_t shift = 0; shift < 64 && !bytes->empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(bytes->front());
    bytes->remove_prefix(1);
    *value |= uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

// A field with its tag, and what it holds; only length-delimited ones, as there are no others down to the spans.
struct Field {
  uint64_t number;
  std::string_view whole;
  std::string_view value;
};

bool TakeField(std::string_view* bytes, Field* field) {
  const std::string_view start = *bytes;
  uint64_t tag = 0, size = 0;
  if (!TakeVarint(bytes, &tag) || (tag & 7) != 2 || !TakeVarint(bytes, &size) || size > bytes->size()) return false;
  field->number = tag >> 3;
  field->value = bytes->substr(0, size);
  bytes->remove_prefix(size);
  field->whole = start.substr(0, start.size() - bytes->size());
  return true;
}

bool ReadScopeSpans(std::string_view bytes, const std::string& resource, SentSpans* sent) {
  const auto header = static_cast<uint32_t>(sent->headers.size());
  std::string scope;
  for (Field field; !bytes.empty();) {
    if (!TakeField(&bytes, &field)) return false;
    if (field.number != 2) {
      scope += field.whole;
      continue;
    }
    // The trace's id is the first field of every span that Traffic makes.
    std::string_view span = field.value;
    Field id;
    if (!TakeField(&span, &id) || id.number != 1 || id.value.size() != 16) return false;
    sent->spans.push_back({header, TraceId::FromBytes(id.value.data()), field.value});
  }
  sent->headers.push_back({resource, scope});
  return true;
}

}  // namespace

bool ReadPayload(std::string_view payload, SentSpans* sent) {
  sent->headers.clear();
  sent->spans.clear();
  for (Field resource_spans; !payload.empty();) {
    if (!TakeField(&payload, &resource_spans) || resource_spans.number != 1) return false;
    std::string resource;
    std::string_view rest = resource_spans.value;
    for (Field field; !rest.empty();) {
      if (!TakeField(&rest, &field)) return false;
      if (field.number != 2) resource += field.whole;
    }
    rest = resource_spans.value;
    for (Field field; !rest.empty();) {
      if (!TakeField(&rest, &field)) return false;
      if (field.number == 2 && !ReadScopeSpans(field.value, resource, sent)) return false;
    }
  }
  return true;
}

}  // namespace tailrace::simulation

#include "proto/batch_size.h"

#include "proto/wire_reader.h"
#include "proto/wire_writer.h"

namespace tailrace {
namespace {

uint64_t FieldSize(uint64_t bytes) { return 1 + VarintSize(bytes) + bytes; }

// Field 1 of a header's fields, with tag and length: the resource or the scope itself, which the Collector writes even
// where it is empty.
uint64_t FirstFieldSize(std::string_view fields) {
  uint64_t size = 0;
  WireReader reader(fields);
  while (reader.Next()) {
    const bool first = reader.tag() == WireTag(1, kLengthDelimited);
    const char* start = reader.field_start();
    reader.Skip();
    if (first) size += static_cast<uint64_t>(reader.position() - start);
  }
  return size == 0 ? FieldSize(0) : size;
}

// A span as the Collector writes it, with tag and length: with a parent's id and a status even where they are empty.
uint64_t SpanSize(std::string_view span) {
  constexpr uint64_t kEmptyField = 2;
  bool has_parent = false;
  bool has_status = false;
  WireReader reader(span);
  while (reader.Next()) {
    has_parent |= reader.tag() == WireTag(4, kLengthDelimited);
    has_status |= reader.tag() == WireTag(15, kLengthDelimited);
    reader.Skip();
  }
  return FieldSize(span.size() + (has_parent ? 0 : kEmptyField) + (has_status ? 0 : kEmptyField));
}

}  // namespace

BatchSize::BatchSize(std::string_view resource) : closed_(FirstFieldSize(resource)) {}

void BatchSize::Add(uint32_t header, std::string_view scope, std::string_view spans) {
  if (header != header_) {
    closed_ = Bytes();
    header_ = header;
    in_scope_ = FirstFieldSize(scope);
  }
  WireReader reader(spans);
  while (reader.Next()) in_scope_ += SpanSize(reader.Bytes());
}

uint64_t BatchSize::Bytes() const { return closed_ + (in_scope_ == 0 ? 0 : FieldSize(in_scope_)); }

uint64_t BatchSize::BytesAsField() const { return FieldSize(Bytes()); }

}  // namespace tailrace

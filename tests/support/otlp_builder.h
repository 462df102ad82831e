// Builds OTLP protobuf bytes for tests, by hand and in any order, so that a test can also send what no library would.
//
//   std::string request = OtlpRequest().Resource(OtlpResource().Attribute("service.name", StringValue("cart")))
//       .Scope(OtlpScope("lib", "1.0")).Span(OtlpSpan(trace_id, span_id, "GET /").Kind(2).Times(1, 2)).Bytes();
//
// WireBuilder is the base: each call appends one field. Values; any thread.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace tailrace::testing {

class WireBuilder {
 public:
  WireBuilder& Varint(uint32_t field, uint64_t value) {
    Tag(field, 0);
    Raw(value);
    return *this;
  }
  WireBuilder& Fixed64(uint32_t field, uint64_t value) {
    Tag(field, 1);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value));
    return *this;
  }
  WireBuilder& Fixed32(uint32_t field, uint32_t value) {
    Tag(field, 5);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value));
    return *this;
  }
  WireBuilder& Double(uint32_t field, double value) {
    uint64_t bits;
    std::memcpy(&bits, &value, sizeof(bits));
    return Fixed64(field, bits);
  }
  // A string, bytes or a message.
  WireBuilder& Bytes(uint32_t field, std::string_view value) {
    Tag(field, 2);
    Raw(value.size());
    bytes_.append(value);
    return *this;
  }
  const std::string& Bytes() const { return bytes_; }

 private:
  void Tag(uint32_t field, uint32_t wire_type) { Raw(uint64_t{field} << 3 | wire_type); }
  void Raw(uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<char>(value | 0x80));
    bytes_.push_back(static_cast<char>(value));
  }
  std::string bytes_;
};

// --- AnyValue, KeyValue ----------------------------------------------------------------------------------------------

inline std::string StringValue(std::string_view value) { return WireBuilder().Bytes(1, value).Bytes(); }
inline std::string BoolValue(bool value) { return WireBuilder().Varint(2, value ? 1 : 0).Bytes(); }
inline std::string IntValue(int64_t value) { return WireBuilder().Varint(3, static_cast<uint64_t>(value)).Bytes(); }
inline std::string DoubleValue(double value) { return WireBuilder().Double(4, value).Bytes(); }
inline std::string BytesValue(std::string_view value) { return WireBuilder().Bytes(7, value).Bytes(); }
inline std::string KeyValue(std::string_view key, std::string_view any_value) {
  return WireBuilder().Bytes(1, key).Bytes(2, any_value).Bytes();
}
// `values`: one serialized AnyValue each.
template <typename... Values>
std::string ArrayValue(const Values&... values) {
  WireBuilder array;
  (array.Bytes(1, values), ...);
  return WireBuilder().Bytes(5, array.Bytes()).Bytes();
}
// `pairs`: one serialized KeyValue each.
template <typename... Pairs>
std::string MapValue(const Pairs&... pairs) {
  WireBuilder map;
  (map.Bytes(1, pairs), ...);
  return WireBuilder().Bytes(6, map.Bytes()).Bytes();
}

// --- Resource, InstrumentationScope, Span ----------------------------------------------------------------------------

// A message with an attribute list; `Derived` for the fluent calls.
template <typename Derived, uint32_t kAttributesField, uint32_t kDroppedField>
class WithAttributes {
 public:
  Derived& Attribute(std::string_view key, std::string_view any_value) {
    wire_.Bytes(kAttributesField, KeyValue(key, any_value));
    return static_cast<Derived&>(*this);
  }
  Derived& DroppedAttributes(uint32_t count) {
    wire_.Varint(kDroppedField, count);
    return static_cast<Derived&>(*this);
  }
  // For fields that have no call here.
  WireBuilder& wire() { return wire_; }
  const std::string& Bytes() const { return wire_.Bytes(); }

 protected:
  WireBuilder wire_;
};

class OtlpResource : public WithAttributes<OtlpResource, 1, 2> {};

class OtlpScope : public WithAttributes<OtlpScope, 3, 4> {
 public:
  OtlpScope() = default;
  OtlpScope(std::string_view name, std::string_view version) { wire_.Bytes(1, name).Bytes(2, version); }
};

class OtlpEvent : public WithAttributes<OtlpEvent, 3, 4> {
 public:
  OtlpEvent(uint64_t time_ns, std::string_view name) { wire_.Fixed64(1, time_ns).Bytes(2, name); }
};

class OtlpLink : public WithAttributes<OtlpLink, 4, 5> {
 public:
  OtlpLink(std::string_view trace_id, std::string_view span_id) { wire_.Bytes(1, trace_id).Bytes(2, span_id); }
};

// An id of `size` bytes that ends in `number`, big endian: TestId(16, 1) is 0000...0001 in hex.
inline std::string TestId(size_t size, uint64_t number) {
  std::string id(size, '\0');
  for (size_t i = size; i-- > 0 && number != 0; number >>= 8) id[i] = static_cast<char>(number & 0xFF);
  return id;
}

class OtlpSpan : public WithAttributes<OtlpSpan, 9, 10> {
 public:
  // Ids as bytes of any length, also wrong ones.
  OtlpSpan(std::string_view trace_id, std::string_view span_id, std::string_view name = "") {
    wire_.Bytes(1, trace_id).Bytes(2, span_id);
    if (!name.empty()) wire_.Bytes(5, name);
  }
  OtlpSpan(uint64_t trace, uint64_t span, std::string_view name = "")
      : OtlpSpan(TestId(16, trace), TestId(8, span), name) {}

  OtlpSpan& Parent(std::string_view span_id) { return wire_.Bytes(4, span_id), *this; }
  OtlpSpan& Parent(uint64_t span) { return Parent(TestId(8, span)); }
  OtlpSpan& TraceState(std::string_view text) { return wire_.Bytes(3, text), *this; }
  OtlpSpan& Kind(int kind) { return wire_.Varint(6, static_cast<uint64_t>(kind)), *this; }
  OtlpSpan& Times(uint64_t start_ns, uint64_t end_ns) { return wire_.Fixed64(7, start_ns).Fixed64(8, end_ns), *this; }
  OtlpSpan& Event(const OtlpEvent& event) { return wire_.Bytes(11, event.Bytes()), *this; }
  OtlpSpan& DroppedEvents(uint32_t count) { return wire_.Varint(12, count), *this; }
  OtlpSpan& Link(const OtlpLink& link) { return wire_.Bytes(13, link.Bytes()), *this; }
  OtlpSpan& DroppedLinks(uint32_t count) { return wire_.Varint(14, count), *this; }
  OtlpSpan& Flags(uint32_t flags) { return wire_.Fixed32(16, flags), *this; }
  // code: 0 unset, 1 ok, 2 error.
  OtlpSpan& Status(int code, std::string_view message = "") {
    WireBuilder status;
    if (!message.empty()) status.Bytes(2, message);
    status.Varint(3, static_cast<uint64_t>(code));
    return wire_.Bytes(15, status.Bytes()), *this;
  }
};

// --- ExportTraceServiceRequest ---------------------------------------------------------------------------------------

// Resource() opens a ResourceSpans, Scope() a ScopeSpans in it; both are opened without fields where a test goes
// straight to Span().
class OtlpRequest {
 public:
  OtlpRequest& Resource(const OtlpResource& resource, std::string_view schema_url = "") {
    CloseResource();
    resource_open_ = true;
    resource_.Bytes(1, resource.Bytes());
    resource_schema_ = schema_url;
    return *this;
  }
  // For the common case: a resource with only a service.name.
  OtlpRequest& Service(std::string_view name) {
    return Resource(OtlpResource().Attribute("service.name", StringValue(name)));
  }
  OtlpRequest& Scope(const OtlpScope& scope, std::string_view schema_url = "") {
    CloseScope();
    resource_open_ = scope_open_ = true;
    scope_.Bytes(1, scope.Bytes());
    scope_schema_ = schema_url;
    return *this;
  }
  OtlpRequest& Span(const OtlpSpan& span) {
    resource_open_ = scope_open_ = true;
    scope_.Bytes(2, span.Bytes());
    return *this;
  }
  std::string Bytes() {
    CloseResource();
    return request_.Bytes();
  }

 private:
  void CloseScope() {
    if (!scope_open_) return;
    if (!scope_schema_.empty()) scope_.Bytes(3, scope_schema_);
    resource_.Bytes(2, scope_.Bytes());
    scope_ = WireBuilder();
    scope_schema_.clear();
    scope_open_ = false;
  }
  void CloseResource() {
    CloseScope();
    if (!resource_open_) return;
    if (!resource_schema_.empty()) resource_.Bytes(3, resource_schema_);
    request_.Bytes(1, resource_.Bytes());
    resource_ = WireBuilder();
    resource_schema_.clear();
    resource_open_ = false;
  }

  WireBuilder request_;
  WireBuilder resource_;
  WireBuilder scope_;
  std::string resource_schema_;
  std::string scope_schema_;
  bool resource_open_ = false;
  bool scope_open_ = false;
};

}  // namespace tailrace::testing

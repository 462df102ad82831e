#include "collector/load/span_writer.h"

#include <array>
#include <cstring>

#include "proto/wire_reader.h"

namespace tailrace {
namespace {

constexpr std::array<const char*, 8> kServiceNames = {"frontend", "checkout",  "catalogue", "payment",
                                                      "shipping", "inventory", "accounts",  "search"};
constexpr std::array<const char*, 6> kOperations = {"GET /api/cart/{id}",  "POST /api/order",    "SELECT shop.orders",
                                                    "GET /api/price/{id}", "publish order.paid", "redis GET basket"};
constexpr std::string_view kFiller =
    "SELECT o.id, o.customer_id, o.total_cents, o.currency, l.sku, l.amount, l.price_cents FROM orders o JOIN "
    "order_lines l "
    "ON l.order_id = o.id WHERE o.customer_id = $1 AND o.created_at > $2 AND o.state IN ('paid', 'sent', 'returned') "
    "ORDER BY o.created_at DESC, l.line_number LIMIT 50 ";

// SpanKind: 1 internal, 2 server, 3 client.
constexpr uint32_t kInternal = 1, kServer = 2, kClient = 3;

void AppendFixed64(uint32_t field, uint64_t value, std::string* out) {
  out->push_back(static_cast<char>(WireTag(field, kFixed64)));
  out->append(reinterpret_cast<const char*>(&value), sizeof(value));
}

void AppendSpanIdField(uint32_t field, uint64_t id, std::string* out) {
  AppendField(field, std::string(reinterpret_cast<const char*>(&id), sizeof(id)), out);
}

// KeyValue { key = 1; value = 2: AnyValue { string_value = 1 | int_value = 3 } }
std::string TextAttribute(std::string_view key, std::string_view value) {
  std::string any, key_value;
  AppendField(1, std::string(value), &any);
  AppendField(1, std::string(key), &key_value);
  AppendField(2, any, &key_value);
  return key_value;
}

std::string NumberAttribute(std::string_view key, uint64_t value) {
  std::string any, key_value;
  any.push_back(static_cast<char>(WireTag(3, kVarint)));
  AppendVarint(value, &any);
  AppendField(1, std::string(key), &key_value);
  AppendField(2, any, &key_value);
  return key_value;
}

// Appends those of the attributes that fit, then one text attribute that fills `out` up to exactly `size` bytes. False
// where no length of the text does that (a length's own length jumps at 128 bytes).
bool FillUp(const std::array<std::string, 6>& attributes, size_t attributes_used, size_t size, uint64_t number,
            std::string* out) {
  for (size_t i = 0; i < attributes_used; ++i) AppendField(9, attributes[i], out);
  const std::string head = std::to_string(number) + ": ";
  if (out->size() > size) return false;
  const size_t room = size - out->size();
  // Tags, lengths and the key take 16 bytes where all lengths fit one byte, a few more where they do not.
  for (size_t overhead = 16; overhead <= 24 && overhead <= room; ++overhead) {
    const size_t text = room - overhead;
    std::string value = head.substr(0, text);
    while (value.size() < text) value.append(kFiller.substr(0, text - value.size()));
    std::string field;
    AppendField(9, TextAttribute("app.note", value), &field);
    if (field.size() == room) {
      out->append(field);
      return true;
    }
  }
  return false;
}

}  // namespace

void AppendVarint(uint64_t value, std::string* out) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

void AppendField(uint32_t field, const std::string& bytes, std::string* out) {
  AppendVarint(WireTag(field, kLengthDelimited), out);
  AppendVarint(bytes.size(), out);
  out->append(bytes);
}

MadeTimes TimesOf(const MadeTrace& trace, uint32_t index, const TrafficShape& shape) {
  const uint64_t random = EncodeSpanId(0, trace.salt ^ 0x5A5A5A);
  const uint64_t duration_us =
      trace.trace_class == TraceClass::kSlow ? 600'000 + random % 1'400'000 : 5'000 + random % 195'000;
  // Every span begins a little after and ends a little before the one before it.
  const uint64_t margin_us = duration_us * index / (2 * shape.spans_per_trace);
  const uint64_t start_us = random >> 40 & 0xFFFF;
  return {.start_offset_ns = (start_us + margin_us) * 1000,
          .end_offset_ns = (start_us + duration_us - margin_us) * 1000 + (random & 0x1FF)};
}

SpanFieldOffsets AppendSpan(const MadeTrace& trace, uint32_t index, uint32_t service, const TrafficShape& shape,
                            std::string* out) {
  const uint32_t first = FirstSpanOf(service, shape);
  const uint64_t random = EncodeSpanId(static_cast<uint16_t>(index), trace.salt ^ 0xC3C3C3C3);
  const bool entry = index == first;
  const bool exit = index + 1 == FirstSpanOf(service + 1, shape) && !entry;
  const bool error = trace.trace_class == TraceClass::kError && index + 1 == shape.spans_per_trace;
  const std::array<std::string, 6> attributes = {
      TextAttribute("http.request.method", random & 1 ? "GET" : "POST"),
      NumberAttribute("http.response.status_code", error ? 500 : 200),
      TextAttribute("url.path", "/api/cart/" + std::to_string(random % 1'000'000)),
      TextAttribute("server.address", std::string(kServiceNames[(service + 1) % kServiceNames.size()]) + ".shop.svc"),
      NumberAttribute("thread.id", 16 + random % 32),
      TextAttribute("enduser.id", "customer-" + std::to_string(random >> 32 & 0xFFFFF)),
  };
  const MadeTimes times = TimesOf(trace, index, shape);
  const size_t size = std::max(shape.span_bytes, kSpanBytesMin);

  // A longer name moves the sizes that FillUp() cannot reach; fewer attributes make room in a small span.
  for (size_t used = attributes.size() + 1; used-- > 0;) {
    for (size_t longer = 0; longer < 3; ++longer) {
      std::string span;
      SpanFieldOffsets at;
      AppendField(1, std::string(trace.id.view()), &span);
      at.trace_id = 2;
      AppendSpanIdField(2, EncodeSpanId(static_cast<uint16_t>(index), trace.salt), &span);
      if (index > 0) {
        const uint32_t parent = entry ? index - 1 : first;
        AppendSpanIdField(4, EncodeSpanId(static_cast<uint16_t>(parent), trace.salt), &span);
      }
      AppendField(5, kOperations[random % kOperations.size()] + std::string(longer, '*'), &span);
      span.push_back(static_cast<char>(WireTag(6, kVarint)));
      span.push_back(static_cast<char>(entry ? kServer : exit ? kClient : kInternal));
      at.start = static_cast<uint32_t>(span.size()) + 1;
      AppendFixed64(7, times.start_offset_ns, &span);
      at.end = static_cast<uint32_t>(span.size()) + 1;
      AppendFixed64(8, times.end_offset_ns, &span);
      // Status { code = 3: 2 } goes behind the attributes, where every serializer writes it.
      const std::string status = error ? std::string("\x7A\x02\x18\x02") : std::string();
      if (!FillUp(attributes, used, size - status.size(), random >> 20 & 0xFFFF, &span)) continue;
      out->append(span).append(status);
      return at;
    }
  }
  return {};  // not reached: without attributes everything from kSpanBytesMin up can be filled
}

void AppendResourceField(uint32_t service, const TrafficShape& shape, std::string* out) {
  std::string name = shape.service_prefix + kServiceNames[service % kServiceNames.size()];
  if (service >= kServiceNames.size()) name += "-" + std::to_string(service / kServiceNames.size());
  std::string resource;
  for (const auto& [key, value] : std::initializer_list<std::pair<std::string_view, std::string>>{
           {"service.name", name},
           {"service.namespace", "shop"},
           {"service.version", "1.4.2"},
           {"deployment.environment.name", "production"},
           {"host.name", "node-" + std::to_string(service) + ".shop.internal"},
           {"telemetry.sdk.language", "cpp"},
           {"telemetry.sdk.name", "tailrace-load"}}) {
    AppendField(1, TextAttribute(key, value), &resource);
  }
  AppendField(1, resource, out);
}

void AppendScopeField(std::string* out) {
  std::string scope;
  AppendField(1, "shop.instrumentation", &scope);
  AppendField(2, "0.9.1", &scope);
  AppendField(1, scope, out);
}

}  // namespace tailrace

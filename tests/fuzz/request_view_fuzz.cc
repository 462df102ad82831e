// Any bytes as a request on its way out: taken in two until each part has one span, and shown to people. The parts hold
// exactly the spans of the whole, each under its own resource and scope; what is shown is bounded, and shows every
// span.
#include <vector>

#include "collector/exporters/detailed_text.h"
#include "collector/exporters/request_view.h"
#include "collector/exporters/trace_text.h"
#include "proto/request_scanner.h"
#include "proto/request_split.h"
#include "proto/wire_reader.h"
#include "tests/fuzz/fuzz_target.h"

namespace tailrace::testing {
namespace {

constexpr uint32_t kSpansMax = 200;  // taking in two is quadratic in nothing, but this test's parts are many

// Each span with what is around it, as the wire has it.
using Spans = std::vector<std::string>;

// Calls `inside` with each message under field `number`; returns the bytes of all other fields.
template <typename Inside>
std::string Others(std::string_view message, uint32_t number, Inside inside) {
  std::string others;
  WireReader reader(message);
  while (reader.Next()) {
    const char* start = reader.field_start();
    if (reader.tag() == WireTag(number, kLengthDelimited)) {
      inside(reader.Bytes());
    } else {
      reader.Skip();
      others.append(start, reader.position());
    }
  }
  return others;
}

std::string Quoted(std::string_view bytes) { return std::to_string(bytes.size()) + ":" + std::string(bytes); }

void ReadSpans(std::string_view request, Spans* spans, std::string* around) {
  *around += Others(request, 1, [&](std::string_view resource_spans) {
    const size_t of_resource = spans->size();
    const std::string resource = Others(resource_spans, 2, [&](std::string_view scope_spans) {
      const size_t of_scope = spans->size();
      const std::string scope = Others(scope_spans, 2, [&](std::string_view span) { spans->push_back(Quoted(span)); });
      for (size_t i = of_scope; i < spans->size(); ++i) (*spans)[i] += Quoted(scope);
    });
    for (size_t i = of_resource; i < spans->size(); ++i) (*spans)[i] += Quoted(resource);
  });
}

void CheckHalves(const std::string& request, uint32_t count) {
  const RequestHalves halves = SplitInTwo(request);
  Require(halves.first_spans + halves.second_spans == count, "no span is lost, and none is made");
  Require(halves.first_spans > 0 && halves.second_spans > 0, "both halves have some");
  Spans whole, parts;
  std::string around, around_first, around_second;
  ReadSpans(request, &whole, &around);
  ReadSpans(halves.first, &parts, &around_first);
  Require(parts.size() == halves.first_spans && CountSpans(halves.first) == halves.first_spans, "as many as said");
  ReadSpans(halves.second, &parts, &around_second);
  Require(parts == whole, "the halves' spans are the whole's, with what is around them");
  Require(around == around_first && around == around_second, "both carry what the request has beside");
  for (const std::string* half : {&halves.first, &halves.second}) {
    ScannedRequest scan;
    Require(ScanRequest(*half, &scan) == ScanError::kNone, "a half is a request");
    const uint32_t spans = CountSpans(*half);
    if (spans >= 2) CheckHalves(*half, spans);
  }
}

void CheckTexts(std::string_view request) {
  constexpr size_t kTextMax = 200000;  // of one trace: 200 spans, some attributes of each, values cut
  uint32_t shown = 0;
  for (const ResourceView& resource : ReadRequest(request).resources) {
    for (const ScopeView& scope : resource.scopes) shown += static_cast<uint32_t>(scope.spans.size());
  }
  for (const std::string& text : TraceTexts(request)) {
    Require(!text.empty() && text.size() < kTextMax, "a trace's text is bounded", std::to_string(text.size()));
    for (const char c : text) Require(c == '\n' || static_cast<uint8_t>(c) >= ' ', "nothing that moves a cursor", text);
  }
  ScannedRequest scan;
  if (ScanRequest(request, &scan) != ScanError::kNone) return;
  Require(shown == CountSpans(request), "every span is shown");
}

}  // namespace
}  // namespace tailrace::testing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tailrace;           // NOLINT
  using namespace tailrace::testing;  // NOLINT
  const std::string request(AsText(data, size));
  CheckTexts(request);
  const uint32_t count = CountSpans(request);
  ScannedRequest scan;
  if (ScanRequest(request, &scan) != ScanError::kNone || count < 2 || count > kSpansMax) {
    (void)SplitInTwo(request);
    return 0;
  }
  CheckHalves(request, count);
  return 0;
}
